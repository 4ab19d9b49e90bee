import type { TimelineEvent } from '../events.js';
import type { HandoverEvents } from '../handover.js';
import { roleToOffer } from '../here.js';
import { type Incident, isOpen } from '../state.js';
import type { Rule } from './walk.js';

const union = (...people: string[]): string[] => [...new Set(people)];

export const handoverRules: { [T in keyof HandoverEvents]: Rule<T> } = {
  handoverProposed: ({ watch }, { again }) =>
    watch
      ? {
          watch: {
            ...watch,
            propose: [...watch.propose.slice(1), ...(again ? [again] : [])].sort((a, b) => a.at - b.at),
          },
        }
      : {},
  handoverOffered: ({ handover, responders }, { to, roles, note, askAt }, { actor, at }) => ({
    responders: union(...responders, to),
    handover: {
      from: actor.kind === 'person' ? actor.personId : '',
      roles,
      to,
      asked: [to],
      everAsked: union(...(handover?.everAsked ?? []), to),
      note,
      offeredAt: at,
      askAt,
      reminded: false,
    },
  }),
  handoverReminded: ({ handover }, { askAt }) => (handover ? { handover: { ...handover, askAt, reminded: true } } : {}),
  handoverClimbed: ({ handover }, { to, askAt }) =>
    handover
      ? {
          handover: {
            ...handover,
            asked: to === null ? handover.asked : union(...handover.asked, to),
            everAsked: to === null ? handover.everAsked : union(...handover.everAsked, to),
            askAt,
            reminded: false,
          },
        }
      : {},
  handoverAccepted: () => ({ handover: null }),
  handoverDeclined: ({ handover }, _, { actor }) =>
    handover && actor.kind === 'person'
      ? { handover: { ...handover, asked: handover.asked.filter((each) => each !== actor.personId) } }
      : {},
  handoverWithdrawn: () => ({ handover: null }),
  roleOffered: ({ offered }, { role }) => ({ offered: [...new Set([...(offered ?? []), role])], offerAt: null }),
};

/** People look for a role themselves first. */
const offerAfterMs = 2 * 60_000;

/** What any event does to a handover that waits, and to the watch of whoever commands. */
export function handedOn(incident: Incident, event: TimelineEvent): Pick<Incident, 'handover' | 'watch' | 'offerAt'> {
  const { type, body, at } = event;
  const offer = isOpen(incident) ? roleToOffer(incident) : null;
  const offerAt = offer === null ? null : (incident.offerAt ?? at + offerAfterMs);
  const over = !isOpen(incident);
  let { handover = null, watch = null } = incident;
  if (handover && (over || givesUp(handover, event))) handover = null;
  if (type === 'roleAssigned' && body.role === 'commander') watch = { since: at, propose: body.propose ?? [] };
  if (incident.roles.commander === undefined) watch = null;
  return { handover, watch, offerAt };
}

/**
 * Somebody else has one of the roles by now, or whoever hands over, who had them all until now, has let go of it. Who it
 * was may have been erased.
 */
const givesUp = ({ roles }: NonNullable<Incident['handover']>, { type, body }: TimelineEvent): boolean =>
  (type === 'roleAssigned' || type === 'roleReleased') && roles.includes(body.role);
