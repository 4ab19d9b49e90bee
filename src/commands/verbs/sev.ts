import { formatTime } from '../../messages/zones.js';
import { act, called, found, misused } from '../answers.js';
import { firstWords } from '../line.js';
import { severityOf } from '../severity-word.js';
import type { Verb } from '../verb.js';

export const sev: Verb = {
  name: 'sev',
  aliases: ['severity', 'set-severity', 'priority'],
  presets: { sev1: '1', sev2: '2', sev3: '3', 'sev-1': '1', 'sev-2': '2', 'sev-3': '3' },
  group: 'Lead',
  usage: 'sev <1|2|3> <reason>',
  examples: ['sev 1 nobody can push images', 'sev 2 the mirror takes the reads'],
  help: 'Change the severity, with the reason for it.',
  asks: { label: 'Severity and reason', placeholder: '1 nobody can push images', required: true },
  where: 'incident',
  read(args, about) {
    // "sev 1" and "sev sev 1" come from buttons and from habit alike.
    const cut = firstWords(args.replace(/^sev(?:erity)?[ -]+/i, ''), 1);
    if (!cut) return misused(sev, 'Which severity, and why?');
    const to = severityOf(cut.words[0] as string);
    if (!to) return misused(sev, 'A severity is 1 (worst), 2 or 3.');
    if (cut.rest === '') return misused(sev, `Say why it is ${to}: the reason is kept and shown.`);
    return act(about, { type: 'changeSeverity', to, reason: cut.rest }, (after, events) => {
      if (!found(events, 'severityChanged')) return `${called(after)} is ${after.severity} already.`;
      const due = after.updates.dueAt;
      return `${called(after)} is now ${after.severity}.${due === null ? '' : ` The next update is due at ${formatTime(due)}.`}`;
    });
  },
};
