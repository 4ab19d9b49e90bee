import { nameOf } from '../../incident/links.js';
import { buttons, paragraph, text } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { act, called, found, quoted } from '../answers.js';
import { two } from '../others.js';
import type { Verb } from '../verb.js';
import { reasonOf } from './link.js';

const into = /^(?:(?:into|in|to|with|and)\s+)/i;

export const merge: Verb = {
  name: 'merge',
  aliases: ['merged', 'merging', 'merge-into', 'duplicate', 'duplicate-of', 'same-as'],
  group: 'Open and find',
  usage: 'merge [#12] into <#9> [because …]',
  examples: ['merge into #9 It is the same disk', 'merge #12 into #9'],
  help: 'This goes on in the other one: alerts, follow-ups and people go there, and this ends.',
  offers: [['investigating', 'identified', 'monitoring'], ['triage']],
  where: 'incident',
  async read(args, about) {
    const named = await two(args, about, { verb: 'merge into', join: into });
    if ('act' in named) return named.act;
    const { here, other, rest } = named;
    return act(
      { ...about, incident: here },
      { type: 'merge', other: other.id, reason: reasonOf(rest) },
      (after, events) => {
        const there = found(events, 'mergedInto')?.other ?? other;
        const went = here.alerts.firing > 0 ? ` Its ${here.alerts.firing} firing alerts are there now.` : '';
        const said = `${called(after)} is merged into ${nameOf(there)} “${literal(there.title, quoted)}”.${went} Was it wrong? /incident unmerge`;
        const undo = { label: 'Take it out again', command: '/incident unmerge', incidentId: after.id };
        return {
          text: said,
          card: { tone: 'neutral', summary: said, blocks: [paragraph(text(said)), buttons(undo)] },
        };
      },
    );
  },
};

export const unmerge: Verb = {
  name: 'unmerge',
  aliases: ['unmerged', 'demerge', 'separate', 'separated'],
  group: 'Open and find',
  usage: 'unmerge',
  examples: ['unmerge'],
  help: 'Undo a merge: this stands again, with the alerts of its group.',
  plain: true,
  alone: true,
  offers: [['closed'], ['dismissed']],
  where: 'incident',
  read: (_, about) =>
    act(about, { type: 'unmerge', other: about.incident.id }, (after, events) => {
      const moved = found(events, 'splitFrom');
      const alerts = moved?.alerts.total ?? 0;
      return `${called(after)} stands again, ${after.status}, with ${alerts === 1 ? '1 alert' : `${alerts} alerts`}. Follow-ups and people stay in ${moved ? nameOf(moved.other) : 'the other one'}.`;
    }),
};
