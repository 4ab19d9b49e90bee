import { byName, type Called, type EscalationEvents } from '../incident/escalation.js';
import type { TimelineEvent } from '../incident/events.js';
import type { Saying } from '../incident/jobs.js';
import { type Incident, isOpen } from '../incident/state.js';
import { type Block, buttons, type Card, type Inline, paragraph, strong, text, time } from './card.js';
import { literal } from './literal.js';
import { incidentButton } from './sensible-now.js';
import { formatTime } from './zones.js';

const sayings = ['paged', 'page-answered', 'answer-overdue', 'nobody-called', 'nobody-answered'] as const;
export type EscalationSaying = Extract<Saying, (typeof sayings)[number]>;
export const isEscalationSaying = (say: Saying): say is EscalationSaying =>
  (sayings as readonly string[]).includes(say);

type Names = ReadonlyMap<string, string>;
type Of<T extends TimelineEvent['type']> = Extract<TimelineEvent, { type: T }>;

const namedAtMost = 10;
const nameOf = (personId: string, names: Names): string => literal(names.get(personId) ?? personId, 80);
const person = (personId: string, names: Names, notify: boolean): Inline => ({
  kind: 'person',
  personId,
  name: nameOf(personId, names),
  notify,
});

/** `Ada (on call for primary), Bob (owner of registry) and 2 more`. */
export function calledInline(called: readonly Called[], names: Names, notify = false): Inline[] {
  const shown = called.slice(0, namedAtMost);
  const more = called.length - shown.length;
  return [
    ...shown.flatMap(({ personId, because }, index) => [
      ...(index > 0 ? [text(', ')] : []),
      person(personId, names, notify),
      text(because === byName ? '' : ` (${literal(because, 100)})`),
    ]),
    ...(more > 0 ? [text(` and ${more} more`)] : []),
  ];
}
const calledWords = (people: readonly string[], names: Names): string =>
  people
    .slice(0, 3)
    .map((personId) => nameOf(personId, names))
    .join(', ') + (people.length > 3 ? ` and ${people.length - 3} more` : '');

/** `level 2 of 3`, and the round when it is not the first. */
export const levelWords = ({ level, levels, round }: { level: number; levels: number; round: number }): string =>
  `level ${level} of ${levels}${round > 1 ? `, round ${round}` : ''}`;

const instead = ({ nobody }: EscalationEvents['paged']): Block[] =>
  nobody.length === 0
    ? []
    : [
        paragraph(
          text(
            `Nobody stands behind ${nobody
              .slice(0, 5)
              .map((each) => literal(each, 150))
              .join('; ')}.`,
          ),
        ),
      ];

/** Operators read along who are not in a private incident. */
const subject = ({ number, title, visibility }: Incident, aside: boolean): string =>
  aside && visibility === 'private' ? 'a private incident' : `#${number} ${literal(title, 150)}`;

/** What is said of calling people. `aside`: not in the incident's own channel. */
export function escalationCard(
  say: EscalationSaying,
  incident: Incident,
  event: TimelineEvent,
  { names, aside }: { names: Names; aside: boolean },
): Card {
  const tone = isOpen(incident) ? incident.severity : 'neutral';
  const about = subject(incident, aside);
  const acknowledge = buttons(
    incidentButton(incident, 'Acknowledge', 'ack', { style: 'primary' }),
    incidentButton(incident, 'Call somebody…', 'page', {
      input: { label: 'Who?', placeholder: '@ada the reason', required: true },
    }),
  );
  switch (say) {
    case 'paged': {
      const { people, reason, why, answerDueAt, acknowledgeDueAt, escalation } = (event as Of<'paged'>).body;
      const due = answerDueAt ?? acknowledgeDueAt;
      const quiet = why === 'idle' ? 'Nobody has done anything for a while. ' : '';
      const rung = escalation === null ? '' : `, ${levelWords((event as Of<'paged'>).body)}`;
      const { actor } = event;
      const lead =
        why === 'asked' && actor.kind === 'person'
          ? [person(actor.personId, names, false), strong(' calls ')]
          : [strong(`${quiet}Calling `)];
      return {
        tone,
        summary: `${quiet}Calling ${calledWords(
          people.map((each) => each.personId),
          names,
        )}${rung}.`,
        blocks: [
          paragraph(
            ...lead,
            ...calledInline(people, names),
            text(`${rung}${reason === null ? '.' : `: ${literal(reason, 500)}`}`),
          ),
          ...(due === null ? [] : [paragraph(text('To answer by '), time(due), text('.'))]),
          ...instead((event as Of<'paged'>).body),
        ],
      };
    }
    case 'page-answered': {
      const { actor } = event;
      const who = actor.kind === 'person' ? actor.personId : '';
      return {
        tone: 'good',
        summary: `${nameOf(who, names)} answered and is coming.`,
        blocks: [paragraph(person(who, names, false), text(' answered and is coming.'))],
      };
    }
    case 'answer-overdue': {
      const { people } = (event as Of<'answerMissed'>).body;
      const one = people[0];
      return {
        tone: 'warning',
        summary: `No answer from ${calledWords(people, names)}. Call somebody else?`,
        blocks: [
          paragraph(strong('No answer from '), text(`${calledWords(people, names)}. Who else could help?`)),
          buttons(
            ...(one === undefined ? [] : [incidentButton(incident, 'Call again', `page @${one}`, {})]),
            incidentButton(incident, 'Call the next level', 'escalate', {}),
          ),
        ],
      };
    }
    case 'nobody-called': {
      const { body } = event as Of<'paged'>;
      const words = `Nobody could be called for ${about}, ${incident.severity}.`;
      return {
        tone,
        summary: words,
        blocks: [
          paragraph(strong(words), text(aside ? '' : ' Whoever reads this: acknowledge, or find somebody who can.')),
          ...instead(body),
          ...(aside ? [] : [acknowledge]),
        ],
      };
    }
    case 'nobody-answered': {
      const { dueAt } = (event as Of<'acknowledgeMissed'>).body;
      const words = `Nobody answered for ${about}, ${incident.severity}, until ${formatTime(dueAt)}. Nobody is called any more.`;
      return {
        tone,
        summary: words,
        blocks: [
          paragraph(strong(words)),
          paragraph(text('Whoever reads this: acknowledge it, or telephone somebody who can.')),
          ...(aside ? [] : [acknowledge]),
        ],
      };
    }
  }
}
