import { formatDuration } from '../../messages/zones.js';
import { act, found, misused } from '../answers.js';
import { spanOf } from '../span.js';
import type { Verb } from '../verb.js';
import { walked } from '../walk.js';

const shortest = 60_000;
const longest = 24 * 3_600_000;
const words = /^(?:to\s+)?(keep(?:\s+(?:on|going|debugging))?|go\s+on|continue|leave|restore|stop|switch)(?:\s+|$)/i;

export const decide: Verb = {
  name: 'decide',
  aliases: ['decided', 'decision', 'deciding'],
  presets: { 'keep-debugging': 'keep', 'restore-now': 'leave', 'stop-debugging': 'leave' },
  group: 'Walk the playbook',
  usage: 'decide <keep [15m]|leave> [why]',
  examples: ['decide keep 15m We see the cause', 'decide leave Nobody knows why'],
  help: 'As commander: keep looking for the cause a while, or take the other way the playbook names.',
  asks: { label: 'keep or leave, and why?', placeholder: 'leave Nobody knows why', required: true },
  where: 'incident',
  read(args, about) {
    const said = words.exec(args);
    if (!said) return misused(decide, 'Keep looking, or leave it for the other way?');
    const keep = /^(?:keep|go|continue)/i.test(said[1] ?? '');
    const rest = args.slice(said[0].length).replace(/^for\s+/i, '');
    const span = keep ? spanOf(rest) : null;
    if (span && (span.ms < shortest || span.ms > longest)) return misused(decide, 'From 1 minute to 24 hours.');
    const why = (span ? span.rest : rest).replace(/^because\s+/i, '').trim();
    const choice = keep ? 'keep' : 'leave';
    return act(
      about,
      { type: 'decideWay', choice, forMs: span?.ms ?? null, why: why === '' ? null : why },
      (after, events) => {
        const made = found(events, 'decisionMade');
        if (!made) return '';
        return made.choice === 'keep'
          ? `It goes on with ${made.title} for ${formatDuration(made.forMs ?? 0)}; then Muster asks again.`
          : walked(after, about, `Decided: ${made.label}.`, events);
      },
    );
  },
};
