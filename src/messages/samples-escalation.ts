import type { EventBodies, EventType, TimelineEvent } from '../incident/events.js';
import type { Incident } from '../incident/state.js';
import type { Card } from './card.js';
import { type EscalationSaying, escalationCard } from './escalation-cards.js';

const minute = 60_000;

/** What is said of calling people, by what it is. */
export function escalationSamples(
  incident: Incident,
  { now, names }: { now: number; names: ReadonlyMap<string, string> },
): [title: string, card: Card][] {
  const card = <T extends EventType>(say: EscalationSaying, type: T, body: EventBodies[T], aside = false): Card => {
    const actor = { kind: 'person', personId: 'bob' } as const;
    const event = { seq: 9, at: now, recordedAt: now, actor, type, body } as TimelineEvent;
    return escalationCard(say, incident, event, { names, aside });
  };
  const nobody = ['on call for primary: nobody is planned then'];
  const paged: EventBodies['paged'] = {
    why: 'asked',
    escalation: null,
    ...{ level: 0, levels: 0, round: 0, rounds: 0 },
    people: [{ personId: 'bob', because: 'called by name' }],
    nobody: [],
    reason: 'the database does not come back',
    acknowledgeDueAt: null,
    answerDueAt: now + 5 * minute,
  };
  const rung = { ...paged, escalation: 'sev1', level: 2, levels: 3, round: 2, rounds: 3, reason: null };
  const missed = { dueAt: now, nextDueAt: null, next: 'over' } as const;
  return [
    ['somebody is called by name', card('paged', 'paged', paged)],
    ['the next level is called, nobody does anything', card('paged', 'paged', { ...rung, why: 'idle', nobody })],
    ['somebody answers', card('page-answered', 'pageAnswered', {})],
    ['somebody does not answer', card('answer-overdue', 'answerMissed', { people: ['bob'], dueAt: now })],
    ['nobody could be called', card('nobody-called', 'paged', { ...rung, people: [], nobody })],
    ['nobody could be called, to operators', card('nobody-called', 'paged', { ...rung, people: [], nobody }, true)],
    ['nobody answered', card('nobody-answered', 'acknowledgeMissed', missed)],
    ['nobody answered, to operators', card('nobody-answered', 'acknowledgeMissed', missed, true)],
  ];
}
