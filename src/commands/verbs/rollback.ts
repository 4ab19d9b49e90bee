import { act, found } from '../answers.js';
import type { Verb } from '../verb.js';
import { walked } from '../walk.js';

export const rollback: Verb = {
  name: 'rollback',
  aliases: ['roll-back', 'rolling-back', 'rolled-back', 'back-out'],
  group: 'Walk the playbook',
  usage: 'rollback [why]',
  examples: ['rollback', 'rollback Errors rise since the change'],
  help: 'Walk the steps that take the last risky change back; then the playbook is where it was.',
  asks: { label: 'Why?', required: false },
  where: 'incident',
  read: (args, about) =>
    act(about, { type: 'rollBack', reason: args === '' ? null : args }, (after, events) => {
      const back = found(events, 'rolledBack');
      const returns = back?.returns.map((index) => index + 1).join(', ') ?? '';
      const then = returns === '' ? '' : ` Afterwards step ${returns} is in hand again.`;
      return walked(after, about, back ? `What step ${back.of + 1} changed is taken back.${then}` : '', events);
    }),
};
