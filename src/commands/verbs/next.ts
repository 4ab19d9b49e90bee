import { act } from '../answers.js';
import type { Verb } from '../verb.js';
import { walked } from '../walk.js';

export const next: Verb = {
  name: 'next',
  aliases: ['start', 'step', 'continue', 'next-step', 'whats-next', "what's-next"],
  group: 'Walk the playbook',
  usage: 'next',
  examples: ['next'],
  help: 'Start the playbook, or show the step in hand; of several, yours.',
  plain: true,
  alone: true,
  where: 'incident',
  read: (_, about) => act(about, { type: 'next' }, (after, events) => walked(after, about, '', events)),
};
