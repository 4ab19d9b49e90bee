import { byName } from '../incident/escalation.js';
import type { Incident } from '../incident/state.js';
import { buttons, type Card, type Inline, paragraph, strong, text, time } from './card.js';
import { literal } from './literal.js';
import type { Person } from './values.js';

/** Somebody whose ways have all failed. `phone` null: nobody has written it down. */
export interface Unreached {
  person: Person;
  phone: string | null;
}

const titleAtMost = 150;
const called = ({ number, title, severity, drill }: Incident): string =>
  `${drill ? 'Drill: ' : ''}[${severity}] #${number} ${literal(title, titleAtMost)}`;

/** In the incident's channel: whom somebody has to call by telephone. */
export function unreachedCard(incident: Incident, people: readonly Unreached[]): Card {
  const names = people.map(({ person }) => literal(person.name, 80));
  const summary = `#${incident.number}: ${names.join(', ')} could not be paged. Call by telephone.`;
  return {
    tone: incident.acknowledgedAt === null ? incident.severity : 'neutral',
    summary,
    blocks: [
      paragraph(strong('These people could not be paged. Whoever reads this: call them.')),
      {
        kind: 'list',
        ordered: false,
        items: people.map(({ person, phone }): Inline[] => [
          { kind: 'person', personId: person.personId, name: literal(person.name, 80), notify: false },
          text(phone === null ? ': no telephone number is known' : `: ${literal(phone, 40)}`),
        ]),
      },
      ...(incident.acknowledgedAt === null
        ? [
            buttons({
              label: 'Acknowledge',
              command: '/incident ack',
              incidentId: incident.id,
              style: 'primary',
            }),
          ]
        : []),
    ],
  };
}

/** What an acknowledgement brings whoever is called. */
export const acknowledgeWords = (because: string | null): string =>
  because?.startsWith(byName)
    ? 'Acknowledge it, so that they know you are coming.'
    : 'Acknowledge it, and nobody else is called.';

/** To one person, directly: they are called. `because`: what they are by then. */
export function pageCard(incident: Incident, because: string | null): Card {
  return {
    tone: incident.severity,
    summary: `You are called: ${called(incident)}`,
    blocks: [
      paragraph(strong(`You are called: ${called(incident)}`)),
      paragraph(text(because === null ? '' : `You are ${literal(because, 300)}. `), text(acknowledgeWords(because))),
      buttons(
        { label: 'Acknowledge', command: '/incident ack', incidentId: incident.id, style: 'primary' },
        { label: 'Take command', command: '/incident take commander', incidentId: incident.id },
      ),
    ],
  };
}

/** What becomes of that card, which called `personId`. `by` null: somebody Muster has no name for. */
export function pageOverCard(incident: Incident, by: Person | null, personId: string): Card {
  const { acknowledgedAt } = incident;
  const own = incident.acknowledgedBy === personId;
  const named = incident.paging?.called.some((each) => each.personId === personId && each.because.startsWith(byName));
  const who: Inline[] = own
    ? [text('You')]
    : by === null
      ? [text('Somebody')]
      : [{ kind: 'person', personId: by.personId, name: literal(by.name, 80), notify: false }];
  const over = ['resolved', 'closed', 'dismissed'].includes(incident.status);
  return {
    tone: 'neutral',
    summary: `${called(incident)}: ${acknowledgedAt === null ? 'it is over' : 'somebody is on it'}.`,
    blocks: [
      paragraph(strong(called(incident))),
      paragraph(
        ...(acknowledgedAt === null ? [] : [...who, text(' acknowledged at '), time(acknowledgedAt), text('. ')]),
        text(
          over
            ? `It is ${incident.status}.`
            : own
              ? 'Nobody else is called.'
              : named
                ? 'You were called by name; nobody calls you any more.'
                : 'You need not come.',
        ),
      ),
    ],
  };
}
