import type { TimelineEvent } from '../incident/events.js';
import { chases } from '../incident/queue.js';
import type { Incident } from '../incident/state.js';
import { buttons, type Card, paragraph, strong, text, time } from './card.js';
import { literal } from './literal.js';
import { personInline } from './situation.js';
import { triageButtons } from './triage-card.js';

const titleKept = 200;

/** An entry waits past its time: to its owner, to the queue, or to whoever answers for the platform. */
export function entryDueCard(
  entry: Incident,
  event: TimelineEvent,
  { names, direct }: { names: ReadonlyMap<string, string>; direct: boolean },
): Card {
  const title = literal(entry.title, titleKept);
  const dueAt = entry.queued?.dueAt ?? entry.openedAt;
  const owner = entry.queued?.owner ?? null;
  const who = event.type === 'entryChased' ? event.body.who : chases[0];
  const yours = direct && who === 'owner';
  const summary = `${yours ? 'Yours' : 'An entry'} of the triage queue waits past its time: ${title}`;
  return {
    tone: entry.severity,
    summary,
    blocks: [
      paragraph(
        strong(
          yours
            ? 'This entry of the triage queue is yours, and waits past its time.'
            : 'An entry of the triage queue waits past its time.',
        ),
      ),
      paragraph(
        text(`${title} · ${entry.severity} · since `),
        time(entry.openedAt, 'date'),
        text(' · was due '),
        time(dueAt, 'date'),
        text(owner === null ? ' · nobody owns it' : ' · owner: '),
        ...(owner === null ? [] : [personInline(owner, names)]),
      ),
      ...(who === 'lead' ? [paragraph(text('Its owner and the queue were told before, and nobody decided.'))] : []),
      buttons(...triageButtons(entry), { label: 'All that wait', command: '/incident list triage' }),
    ],
  };
}
