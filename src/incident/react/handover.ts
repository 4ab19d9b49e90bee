import type { TimelineEvent } from '../events.js';
import type { Saying } from '../jobs.js';
import type { Incident } from '../state.js';

interface Told {
  personId: string;
  say: Saying;
}

/** Who is told alone of tasks and handovers, and what. Nobody is told of what they did themselves. */
export function toldAlone(before: Incident | null, { type, body, actor }: TimelineEvent): Told[] {
  const own = actor.kind === 'person' ? actor.personId : null;
  const tell = (say: Saying, ...people: (string | null | undefined)[]): Told[] =>
    [...new Set(people)].flatMap((personId) => (personId && personId !== own ? [{ personId, say }] : []));
  const handover = before?.handover;
  switch (type) {
    case 'taskGiven':
      return tell('task-given', body.personId);
    case 'taskOverdue':
      return tell('task-overdue', body.asks);
    case 'handoverProposed':
      return tell('handover-proposed', body.personId);
    case 'handoverOffered':
      return tell('handover-offered', body.to);
    case 'handoverReminded':
      return tell('handover-offered', ...body.people);
    case 'handoverClimbed':
      // Whoever hands over has heard of a refusal already, with who is asked now.
      return [
        ...tell('handover-offered', body.to),
        ...(body.after === 'silence' ? tell('handover-waits', handover?.from) : []),
      ];
    case 'handoverDeclined':
      return tell('handover-declined', body.from);
    case 'handoverWithdrawn':
      return tell('handover-withdrawn', ...body.to);
    case 'roleOffered':
      return tell('role-offered', body.commander);
    default:
      return [];
  }
}
