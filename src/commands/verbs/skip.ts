import { act, found, misused } from '../answers.js';
import type { Verb } from '../verb.js';
import { stepNamed, walked } from '../walk.js';

export const skip: Verb = {
  name: 'skip',
  aliases: ['skipped', 'skipping', 'not-needed'],
  group: 'Walk the playbook',
  usage: 'skip <reason>',
  examples: ['skip The jobs are frozen already'],
  help: 'Pass over the step in hand, with the reason.',
  asks: { label: 'Why is it skipped?', required: true },
  where: 'incident',
  read(args, about) {
    const { said: reason, meant } = stepNamed(args, about.incident.walk);
    if (reason === '') return misused(skip, 'Say why the step is skipped.');
    return act(about, { type: 'skip', reason, ...meant }, (after, events) => {
      const ended = found(events, 'stepSkipped') ?? found(events, 'stepSettled');
      return walked(after, about, ended ? `Step ${ended.index + 1} is skipped.` : '', events);
    });
  },
};
