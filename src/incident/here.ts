import type { TimelineEvent } from './events.js';
import { type Incident, type Role, roles } from './state.js';

/** Whoever marks a message as worth keeping need not work on it. */
const bystanding: ReadonlySet<TimelineEvent['type']> = new Set(['messageKept', 'handoverDeclined', 'handoverClimbed']);

/** Who works on it now. Unlike `responders`, who may read it, they get fewer when somebody hands over or leaves. */
export const hereOf = ({ here }: Pick<Incident, 'here'>): readonly string[] => here ?? [];

/** The one person who is there; null: nobody is, or several are. */
export function alone({ here }: Pick<Incident, 'here'>): string | null {
  const [first, second] = here ?? [];
  return first !== undefined && second === undefined ? first : null;
}

/** Who works on it after this event. */
export function hereAfter(incident: Pick<Incident, 'here'>, { type, body, actor }: TimelineEvent): string[] {
  const here = hereOf(incident);
  const without = (personId: string) => here.filter((each) => each !== personId);
  const and = (...people: string[]) => [...new Set([...here, ...people])];
  const by = actor.kind === 'person' && !bystanding.has(type) ? [actor.personId] : [];
  switch (type) {
    case 'handoverAccepted':
      return [...new Set([...without(body.from), ...by])];
    case 'roleReleased':
      return by.length > 0 ? and(...by) : without(body.personId);
    case 'roleAssigned':
      return and(...by, body.personId);
    case 'responderJoined':
    case 'taskGiven':
      return and(...by, body.personId);
    default:
      return by.length === 0 || here.includes(by[0] as string) ? [...here] : and(...by);
  }
}

/** Those that come to whoever leads while nobody else has them. */
const folded: readonly Role[] = ['communications', 'scribe'];

/**
 * The roles somebody answers for: those they have, and of whoever commands, or is alone without anybody commanding, also
 * the command, communications and the scribe's while nobody has them.
 */
export function answersFor(incident: Pick<Incident, 'here' | 'roles'>, personId: string): Role[] {
  const held = incident.roles;
  const leads = held.commander === personId || (held.commander === undefined && alone(incident) === personId);
  return roles.filter(
    (role) =>
      held[role] === personId || (leads && held[role] === undefined && (role === 'commander' || folded.includes(role))),
  );
}

/** What whoever leads could give to somebody who has come: once each, and never what they have themselves by name. */
export function roleToOffer(incident: Incident): { role: Role; personId: string } | null {
  const { commander } = incident.roles;
  if (commander === undefined) return null;
  const offered = incident.offered ?? [];
  const free = folded.find((role) => incident.roles[role] === undefined && !offered.includes(role));
  const idle = hereOf(incident).find((each) => !roles.some((role) => incident.roles[role] === each));
  return free === undefined || idle === undefined ? null : { role: free, personId: idle };
}
