import { formatDuration, formatTime } from '../../messages/zones.js';
import { act, found, misused } from '../answers.js';
import { spanOf } from '../span.js';
import type { Verb } from '../verb.js';
import { stepNamed } from '../walk.js';

const shortest = 60_000;
const longest = 24 * 3_600_000;

export const more: Verb = {
  name: 'more',
  aliases: ['more-time', 'extend', 'still-on-it', 'still-working'],
  group: 'Walk the playbook',
  usage: 'more [10m|1h]',
  examples: ['more 10m', 'more'],
  help: 'The step in hand takes longer; Muster asks again then (the same time again unless said).',
  plain: true,
  where: 'incident',
  read(args, about) {
    const { said, meant } = stepNamed(args.replace(/^by\s+/i, ''), about.incident.walk);
    const span = spanOf(said);
    if ((span === null && said !== '') || (span && span.rest !== '')) return misused(more, 'Say how long it takes.');
    if (span && (span.ms < shortest || span.ms > longest)) return misused(more, 'From 1 minute to 24 hours.');
    return act(about, { type: 'extendStep', forMs: span?.ms ?? null, ...meant }, (_, events) => {
      const given = found(events, 'stepExtended');
      return given
        ? `Step ${given.index + 1} has ${formatDuration(given.forMs)} more. Muster asks again at ${formatTime(given.dueAt)}.`
        : '';
    });
  },
};
