import { randomUUID } from 'node:crypto';
import type { Actor } from '../incident/state.js';
import type { Token } from '../store/access-port.js';
import type { NewEvent, Store } from '../store/port.js';
import { digestOf, looksLikeToken, newToken } from './secrets.js';

export interface TokenHolder {
  personId: string;
  name: string;
  tokenId: string;
  /** May act as anybody. */
  actAs: boolean;
}

const event = (type: NewEvent['type'], at: number, actor: Actor, body: object): NewEvent => ({
  type,
  at,
  recordedAt: at,
  actor,
  body,
});

/** Who holds this token; null: nobody, or it is revoked or over, or its holder has left. */
export async function holderOf(store: Pick<Store, 'token'>, given: string, now: number): Promise<TokenHolder | null> {
  if (!looksLikeToken(given)) return null;
  const token = await store.token(digestOf(given));
  if (!token || !isValid(token, now) || token.goneAt !== null) return null;
  return { personId: token.personId, name: token.personName, tokenId: token.id, actAs: token.actAs };
}

export const isValid = ({ revokedAt, expiresAt }: Pick<Token, 'revokedAt' | 'expiresAt'>, now: number): boolean =>
  revokedAt === null && (expiresAt === null || now < expiresAt);

/** @returns the secret, which is told this once, and what is kept of it. */
export async function issueToken(
  store: Pick<Store, 'access'>,
  wanted: Pick<Token, 'personId' | 'name' | 'actAs' | 'expiresAt'>,
  by: { actor: Actor; now: number },
): Promise<{ secret: string; token: Token }> {
  const secret = newToken();
  const token: Token = { ...wanted, id: randomUUID().slice(0, 8), issuedAt: by.now, revokedAt: null };
  const { issuedAt: _, revokedAt: __, ...told } = token;
  await store.access(
    [{ issueToken: { ...token, digest: digestOf(secret) } }],
    [event('tokenIssued', by.now, by.actor, told)],
  );
  return { secret, token };
}

/**
 * The sessions it opened end with it, and so do all that links have opened for its holder: whoever had the token could
 * ask for a link. @throws ConflictError when it is revoked already.
 */
export async function revokeToken(
  store: Pick<Store, 'access'>,
  { id, personId, name }: Pick<Token, 'id' | 'personId' | 'name'>,
  by: { actor: Actor; now: number },
): Promise<void> {
  await store.access(
    [{ revokeToken: { id, at: by.now } }, { endSessionsBy: { tokenId: id } }, { endLinkedOf: personId }],
    [event('tokenRevoked', by.now, by.actor, { id, personId, name })],
  );
}
