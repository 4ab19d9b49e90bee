import type { Incident, Role } from './state.js';

/** Why a handover is proposed. `shift`: the time of whoever commands is over; `long`: they have commanded for hours. */
export type HandoverWhy = 'shift' | 'long' | 'weekend';

/** What waits to be accepted. Until then whoever hands over has the roles. */
export interface Handover {
  from: string;
  roles: Role[];
  to: string;
  /** Who may accept it now: `to`, then those it has gone on to. Who declines is not among them any more. */
  asked: string[];
  /** Everybody who was asked, each once. */
  everAsked: string[];
  note: string;
  offeredAt: number;
  /** When those asked are reminded, or the next is asked; null: nobody is left. */
  askAt: number | null;
  reminded: boolean;
}

/** Of whoever commands: since when, and when Muster proposes to hand over. */
export interface Watch {
  since: number;
  propose: Proposal[];
}
export interface Proposal {
  at: number;
  why: HandoverWhy;
}

export interface HandoverEvents {
  /** `to`: who is on call; null: nobody is known. */
  handoverProposed: { why: HandoverWhy; personId: string; to: string | null; dueAt: number; again: Proposal | null };
  handoverOffered: { to: string; roles: Role[]; note: string; askAt: number };
  handoverReminded: { people: string[]; askAt: number };
  /** It goes on to somebody else; null: nobody is left to ask. */
  handoverClimbed: { to: string | null; because: string; after: 'silence' | 'refusal'; askAt: number | null };
  handoverAccepted: { from: string; roles: Role[] };
  /** `next`: who is asked now; null: nobody new. */
  handoverDeclined: { from: string; reason: string; next: string | null };
  handoverWithdrawn: { to: string[] };
  /** `to` null: nobody. */
  roleOffered: { role: Role; personId: string; commander: string };
}

export interface HandoverCommands {
  /** `roles` null: all that whoever asks has. */
  offerHandover: { to: string; roles: Role[] | null; note: string };
  acceptHandover: Record<never, never>;
  declineHandover: { reason: string };
  withdrawHandover: Record<never, never>;
  /** Due jobs; `dueAt` says which time. */
  checkHandover: { dueAt: number };
  proposeHandover: { dueAt: number };
  offerRole: { dueAt: number };
}

const hour = 3_600_000;
/** Nobody leads well for longer. */
export const longWatchMs = 6 * hour;
/** How long those asked have before they are reminded, and again before the next is asked. */
export const answerWithinMs = 10 * 60_000;

/** What is to be given up: the asked-for roles that this person has, or all of them. */
export const rolesOf = ({ roles }: Pick<Incident, 'roles'>, personId: string): Role[] =>
  (Object.keys(roles) as Role[]).filter((role) => roles[role] === personId);

/** Whether somebody may take over what waits. */
export const maySucceed = ({ handover }: Pick<Incident, 'handover'>, personId: string): boolean =>
  handover?.asked.includes(personId) ?? false;
