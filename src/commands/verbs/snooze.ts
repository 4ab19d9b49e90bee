import { formatDuration, formatTime } from '../../messages/zones.js';
import { act, called, misused } from '../answers.js';
import { spanOf } from '../span.js';
import type { Verb } from '../verb.js';

const minute = 60_000;
const unlessSaid = 60 * minute;
const longest = 7 * 24 * 60 * minute;

export const snooze: Verb = {
  name: 'snooze',
  aliases: ['snoozed', 'postpone'],
  group: 'Triage queue',
  usage: 'snooze [2h|30m|1d] <reason>',
  examples: ['snooze 2h The owner looks at it after lunch', 'snooze Waiting for the vendor'],
  help: 'Put an entry of the triage queue aside for a while (1 h unless said).',
  asks: { label: 'Why can it wait?', placeholder: '2h The owner looks at it after lunch', required: true },
  offers: [['triage']],
  where: 'incident',
  read(args, about) {
    const typed = args.replace(/^for\s+(?=\d)/i, '');
    const span = spanOf(typed);
    const forMs = span?.ms ?? unlessSaid;
    const reason = span?.rest ?? typed;
    if (forMs < minute || forMs > longest) return misused(snooze, 'A snooze lasts from 1 minute to 7 days.');
    if (reason === '') return misused(snooze, 'Say why it can wait.');
    return act(about, { type: 'snooze', forMs, reason }, (after) => {
      const until = after.snoozedUntil ?? about.now + forMs;
      return `${called(after)} comes back in ${formatDuration(forMs)}, at ${formatTime(until, 'UTC', 'date')}.`;
    });
  },
};
