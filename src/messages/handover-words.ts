import type { HandoverEvents, HandoverWhy } from '../incident/handover.js';
import type { Actor, Role } from '../incident/state.js';
import { because, does, itself, line, people, quote, type Sentence } from './sentence.js';

/** Completes "… proposed, because …". */
const proposedBecause: Record<HandoverWhy, string> = {
  shift: 'the shift is over',
  long: 'one person has commanded for six hours',
  weekend: 'the weekend begins',
};

/** `the command`, `the command and communications`. */
export function rolesInWords(roles: readonly Role[]): string {
  const words = roles.map((role) => (role === 'commander' ? 'the command' : role === 'scribe' ? 'the notes' : role));
  const last = words.at(-1) ?? 'nothing';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** What happened around handing over, in plain words. */
export const handoverWords: { [T in keyof HandoverEvents]: (body: HandoverEvents[T], by: Actor) => Sentence } = {
  handoverProposed: ({ why, personId, to }) =>
    itself`${{ personId }} was asked to hand over${to === null ? [] : line` to ${{ personId: to }}`}, because ${proposedBecause[why]}`,
  handoverOffered: ({ to, roles, note }) =>
    does`hands ${rolesInWords(roles)} over to ${{ personId: to }}${quote(note)}`,
  handoverReminded: ({ people: asked }) => itself`${people(asked)} was reminded of the handover`,
  handoverClimbed: ({ to, because: why, after }) =>
    to === null
      ? itself`Nobody is left to take over, since ${why}`
      : itself`${{ personId: to }} (${why}) was asked to take over, because ${after === 'silence' ? 'nobody answered' : 'the one before declined'}`,
  handoverAccepted: ({ from, roles }) => does`accepted ${rolesInWords(roles)} from ${{ personId: from }}`,
  handoverDeclined: ({ from, reason }) => does`declined the handover of ${{ personId: from }}${because(reason)}`,
  handoverWithdrawn: ({ to }) => does`took the handover to ${people(to)} back`,
  roleOffered: ({ role, personId, commander }) =>
    itself`${{ personId: commander }} was offered to give ${rolesInWords([role])} to ${{ personId }}`,
};
