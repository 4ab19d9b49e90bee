import type { JobWrite, NewEvent } from './port.js';

/** What somebody showed to be let in. `shared`: the API token of the environment, under a name they gave. */
export type How = 'shared' | 'token' | 'link' | 'oidc';

/** A person as the store knows them. `goneAt`: since when they have left; null: they are here. */
export interface KnownPerson {
  personId: string;
  name: string;
  /** Lower case. */
  email: string | null;
  goneAt: number | null;
}

export interface Session {
  personId: string;
  name: string;
  goneAt: number | null;
  how: How;
  /** The token they signed in with; of `shared`, a fingerprint of it. */
  tokenId: string | null;
  /** Of a person's own token: the session ends with it. */
  tokenExpiresAt: number | null;
  startedAt: number;
  seenAt: number;
}

export interface Token {
  id: string;
  personId: string;
  /** What its holder calls it. */
  name: string;
  actAs: boolean;
  issuedAt: number;
  /** null: never. */
  expiresAt: number | null;
  revokedAt: number | null;
}

/** A sign-in link that nobody has used. */
export interface SignInLink {
  personId: string;
  leadsTo: string;
  expiresAt: number;
}

/** By it one person acknowledges one incident, as often as they press. */
export interface PageLink {
  personId: string;
  incidentId: string;
  expiresAt: number;
}

/** A digest is the sha256 of a secret, hex; the secret itself never comes here. */
export type AccessWrite =
  | { startSession: Omit<Session, 'name' | 'goneAt' | 'seenAt' | 'tokenExpiresAt'> & { digest: string } }
  | { seeSession: { digest: string; at: number } }
  | { endSession: string }
  /** Their links too. */
  | { endSessionsOf: string }
  | { endSessionsBy: { tokenId: string } }
  /** Sessions that links have made, and links that nobody has used. */
  | { endLinkedOf: string }
  | { forgetSessions: { startedBefore: number; seenBefore: number } }
  | { issueToken: Omit<Token, 'revokedAt'> & { digest: string } }
  | { revokeToken: { id: string; at: number } }
  | { revokeTokensOf: { personId: string; at: number } }
  | { makeLink: SignInLink & { digest: string } }
  /** ConflictError on `link` when it is used, forgotten or over. */
  | { useLink: { digest: string; now: number } }
  /** Of sign-in links and of those that acknowledge. */
  | { forgetLinks: { expiredBefore: number } }
  | { makePageLink: PageLink & { digest: string } }
  | { setGone: { personId: string; at: number | null } };

export interface SystemEntry {
  seq: number;
  type: string;
  at: number;
  recordedAt: number;
  actor: NewEvent['actor'];
  /** null: erased. */
  body: unknown;
}

/** Who may come in, and what is written about it. Part of the Store. */
export interface Access {
  /**
   * All of it in one commit, `events` at the end of the `system` stream; tried again when somebody else wrote there
   * first. @throws ConflictError when a write itself does not fit.
   */
  access(writes: readonly AccessWrite[], events?: readonly NewEvent[], jobs?: readonly JobWrite[]): Promise<void>;
  /** Whatever its age; null: there is none. */
  session(digest: string): Promise<Session | null>;
  sessionsOf(personId: string): Promise<Pick<Session, 'how' | 'startedAt' | 'seenAt'>[]>;
  /** Revoked and expired ones too. */
  token(digest: string): Promise<(Token & Pick<KnownPerson, 'goneAt'> & { personName: string }) | null>;
  /** All there ever were, the newest first. */
  tokens(): Promise<Token[]>;
  link(digest: string): Promise<(SignInLink & { name: string; goneAt: number | null }) | null>;
  pageLink(digest: string): Promise<(PageLink & { name: string; goneAt: number | null }) | null>;
  /** The `system` stream after `seq`, oldest first. */
  systemEvents(after: number, limit: number): Promise<SystemEntry[]>;
}
