import { formatTime } from '../../messages/zones.js';
import { act, called, found, lineButton, refused } from '../answers.js';
import { firstWords } from '../line.js';
import { severityOf } from '../severity-word.js';
import type { Verb, Within } from '../verb.js';

export const escalate = {
  name: 'escalate',
  aliases: ['escalated', 'escalating', 'escalation', 'next-level'],
  group: 'Lead',
  usage: 'escalate [reason]',
  examples: ['escalate', 'escalate nobody here knows the storage'],
  help: 'Call the next level of the escalation now, without waiting for its time.',
  asks: { label: 'Why?', required: false },
  where: 'incident',
  read(args: string, about: Within) {
    const graver = graverIn(args);
    if (graver)
      return refused(
        'severity-meant',
        `That calls the next people. The severity is raised with /incident sev ${graver.severity.slice(3)} <reason>.`,
        [
          ...lineButton(`Make it ${graver.severity}…`, `sev ${graver.severity.slice(3)} ${graver.rest}`.trim(), {
            incidentId: about.incident.id,
            ...(graver.rest === '' && { input: { label: 'Why?', required: true } }),
          }),
          ...lineButton('Call the next level', 'escalate', { incidentId: about.incident.id }),
        ],
      );
    const reason = args.trim() === '' ? null : args.trim();
    return act(about, { type: 'escalate', reason }, (after, events) => {
      const paged = found(events, 'paged');
      if (!paged) return `Nobody more is called to ${called(after)}.`;
      const names = paged.people.map(
        ({ personId, because }) => `${about.names.get(personId) ?? personId} (${because})`,
      );
      const due = paged.answerDueAt ?? paged.acknowledgeDueAt;
      const until = due === null ? '' : ` They have until ${formatTime(due)}.`;
      return `Level ${paged.level} of ${paged.levels} is called to ${called(after)} now: ${names.join(', ')}.${until}`;
    });
  },
} as const satisfies Verb;

/** `to sev1 pushes fail` */
function graverIn(args: string) {
  const cut = firstWords(args.replace(/^to\s+/i, '').replace(/^sev(?:erity)?[ -]+/i, 'sev'), 1);
  const word = cut?.words[0] ?? '';
  const severity = /^sev/i.test(word) ? severityOf(word) : null;
  return severity ? { severity, rest: cut?.rest ?? '' } : null;
}
