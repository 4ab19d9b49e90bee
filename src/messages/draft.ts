import type { Incident } from '../incident/state.js';
import { type Block, buttons, type Card, paragraph, strong, text } from './card.js';
import { changesOf, doneSince } from './changes.js';
import { literal } from './literal.js';
import { incidentButton } from './sensible-now.js';
import { formatDuration, formatTime } from './zones.js';

/** Longest draft a button carries along. Characters. */
const draftKept = 1_000;

/** What an update could say from what is known; nothing in it is made up. */
export function draftOf(incident: Incident, now: number): string {
  const { impact, workaround, expected, walk, updates } = incident;
  const step = walk && walk.current !== null ? walk.steps[walk.current] : null;
  const done = updates.lastAt === null ? [] : doneSince(incident);
  const parts = [
    `${incident.title}.`,
    incident.status === 'monitoring' ? 'It should work again, and we watch it.' : '',
    impact
      ? `${incident.status === 'monitoring' ? 'The impact was' : 'Impact'}: ${impact.text} (said ${formatDuration(Math.max(0, now - impact.at))} ago).`
      : 'Impact: not stated yet.',
    workaround ? `Workaround: ${workaround.text}.` : '',
    expected && expected.at !== null ? `Expected back at ${formatTime(expected.at)}.` : '',
    done.length > 0 ? `Done since ${formatTime(updates.lastAt as number)}: ${done.join(', ')}.` : '',
    step ? `We are at: ${step.title}.` : `Status: ${incident.status}.`,
  ];
  return literal(
    parts
      .filter((part) => part !== '')
      .join(' ')
      .replace(/([.!?])\./g, '$1'),
    draftKept,
  );
}

/** The draft with what it has beside the last one, for whoever asks before it is due. */
export function draftCard(incident: Incident, now: number): Card {
  const { dueAt } = incident.updates;
  const draft = draftOf(incident, now);
  const due = dueAt === null ? 'No update is promised.' : `The next update is due at ${formatTime(dueAt)}.`;
  return {
    tone: 'neutral',
    summary: `${due} A draft from what is known: ${draft}`,
    blocks: [
      paragraph(strong(due), text(' A draft from what is known:')),
      { kind: 'quote', content: [text(draft)] },
      ...changeBlocks(incident),
      buttons(
        incidentButton(incident, 'Post', `update ${draft}`, { style: 'primary' }),
        incidentButton(incident, 'Edit…', 'update', {
          input: { label: 'What should stakeholders know?', required: true, value: draft },
        }),
      ),
    ],
  };
}

function changeBlocks(incident: Incident): Block[] {
  const { since, removed, added } = changesOf(incident);
  if (since === null) return [paragraph(text('It would be the first.'))];
  const at = formatTime(since);
  if (removed.length + added.length === 0) return [paragraph(text(`Nothing has changed since the last one at ${at}.`))];
  return [
    paragraph(text(`Since the last one at ${at}:`)),
    {
      kind: 'list',
      ordered: false,
      items: [
        ...removed.map((fact) => [strong('−'), text(` ${fact}`)]),
        ...added.map((fact) => [strong('+'), text(` ${fact}`)]),
      ],
    },
  ];
}
