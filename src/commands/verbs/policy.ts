import { createHash } from 'node:crypto';
import type { Reply } from '../../chat/platform.js';
import { type Difference, policyDifferences } from '../../incident/policy-difference.js';
import type { Policy } from '../../incident/state.js';
import { code, note, paragraph, text } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { formatDuration, formatTime } from '../../messages/zones.js';
import { act, called, lineButton, misused, quoted, refused, withButtons } from '../answers.js';
import type { Act, Verb, Within } from '../verb.js';

const shown = 20;

/** Stands for what was shown, so that the button adopts that and nothing newer. */
const markOf = (differences: readonly Difference[]): string =>
  createHash('sha256').update(JSON.stringify(differences)).digest('hex').slice(0, 12);

const words: Record<string, string> = {
  updateEveryMs: 'update-every',
  longUpdateEveryMs: 'long-update-every',
  acknowledgeWithinMs: 'acknowledge-within',
  reopenForMs: 'reopen-for',
  settleMs: 'dependencies settle',
  warnBeforeMs: 'warn-before',
  longAfterMs: 'long-after',
  automaticUpdates: 'automatic-updates',
};
/** As the configuration file calls it. */
const place = ({ path }: Difference): string =>
  path
    .filter((part) => part !== 'severities')
    .map((part) => words[part] ?? part)
    .join(' · ');

function value(difference: Difference, of: unknown, about: Within): string {
  if (of === undefined) return 'not set';
  if (of === null) return 'never';
  if (difference.path.at(-1)?.endsWith('Ms') && typeof of === 'number') return formatDuration(of);
  if (typeof of === 'boolean') return of ? 'yes' : 'no';
  if (Array.isArray(of) && of.every((each) => typeof each === 'string'))
    return of.length === 0 ? 'nobody' : of.map((each) => about.names.get(each) ?? each).join(', ');
  return typeof of === 'object' ? JSON.stringify(of) : String(of);
}

function offer(about: Within, differences: readonly Difference[]): Reply {
  const { incident } = about;
  const summary = `${called(incident)} was opened under other rules than those of today; ${differences.length === 1 ? 'one differs' : `${differences.length} differ`}.`;
  const items = differences
    .slice(0, shown)
    .map((each) => [
      code(place(each)),
      text(
        `: ${literal(value(each, each.before, about), quoted)} → ${literal(value(each, each.after, about), quoted)}`,
      ),
    ]);
  const more = differences.length - items.length;
  return {
    text: summary,
    card: {
      tone: 'neutral',
      summary,
      blocks: withButtons(
        [
          paragraph(text(summary)),
          {
            kind: 'list',
            ordered: false,
            items: more > 0 ? [...items, [text(`and ${more} more`)]] : items,
          },
          note(
            text(
              'An open incident keeps its rules until somebody adopts newer ones. A promised update is never put off by it.',
            ),
          ),
        ],
        lineButton('Adopt the rules of today', `policy adopt ${markOf(differences)}`, {
          incidentId: incident.id,
          style: 'primary',
        }),
      ),
    },
  };
}

function adopt(about: Within, today: Policy, differences: readonly Difference[], mark: string): Act {
  if (differences.length > 0 && mark !== markOf(differences)) {
    const reply = offer(about, differences);
    // Without a mark it was typed, and asks for a look first.
    if (mark === '') return { kind: 'say', reply };
    return refused('changed', 'The rules have changed since they were shown. Look again: /incident policy', [
      ...lineButton('Show the difference', 'policy', { incidentId: about.incident.id }),
    ]);
  }
  return act(about, { type: 'adoptPolicy', policy: today }, (after) => {
    const due = after.updates.dueAt;
    const next = due === null ? 'No update is promised.' : `The next update is due at ${formatTime(due)}.`;
    return `${called(after)} follows the rules of today from now on. ${next}`;
  });
}

export const policy: Verb = {
  name: 'policy',
  aliases: ['rules', 'policies'],
  group: 'Lead',
  usage: 'policy [adopt]',
  examples: ['policy', 'policy adopt'],
  help: 'Show how the rules of this incident differ from those of today, and adopt them.',
  where: 'incident',
  read(args, about) {
    const [verb = '', mark = '', ...more] = args.split(/\s+/);
    const differences = policyDifferences(about.incident.policy, about.policy);
    if (verb === '')
      return {
        kind: 'say',
        reply:
          differences.length === 0
            ? { text: `${called(about.incident)} has the rules of today.` }
            : offer(about, differences),
      };
    if (!/^(?:adopt|adopted|take|apply)$/i.test(verb) || more.length > 0)
      return misused(policy, 'It takes nothing, or adopt.');
    return adopt(about, about.policy, differences, mark);
  },
};
