import type { Told } from './postmortem.js';
import { ofType, walkAt } from './spans.js';
import { bullets, count, type Markdown, outside, prompt, redacted, section } from './write.js';

/** What the ledger knows to have failed, before anybody is asked. */
export function whatFailed({ incident, timeline }: Told): Markdown {
  const inHand = walkAt(incident, timeline);
  const steps = ofType(timeline, 'stepFailed').map((event) => {
    const title = inHand(event.seq)?.steps[event.body.index]?.title;
    const what = event.redacted ? redacted : outside(event.body.what);
    return `Step ${event.body.index + 1}${title ? ` (${outside(title)})` : ''} failed: ${what}`;
  });
  const undelivered = ofType(timeline, 'deliveryFailed').length;
  return section(
    'What failed',
    bullets([...steps, ...(undelivered > 0 ? [`${count(undelivered, 'message')} could not be delivered`] : [])]),
    prompt('What broke, and what kept it from breaking until then?'),
  );
}

export const late = (): Markdown =>
  section('What was discovered late', prompt('What did you learn late that was there to be seen early? Where?'));

export const wrong = (): Markdown =>
  section(
    'What was guessed wrong',
    prompt('Which explanation did you follow that was not so? What made it look right?'),
  );

export const controls = (): Markdown =>
  section(
    'Which control would have reduced it',
    prompt('A test, a limit, a review, an alert, a backup? Does it exist, and why did it not work?'),
  );

export const factors = ({ incident }: Told): Markdown =>
  section(
    'Contributing factors',
    prompt(
      `What had to be true together for this to happen${incident.services.length > 0 ? ` to ${incident.services.map(outside).join(', ')}` : ''}? There is never only one cause.`,
    ),
  );

export const well = (): Markdown => section('What went well', prompt('What should be done again just so?'));
export const badly = (): Markdown => section('What went badly', prompt('What cost time, sleep or trust? Not who.'));
export const recurrence = (): Markdown =>
  section('Recurrence', prompt('Has this cause been seen before? Which of its follow-ups are still open?'));
