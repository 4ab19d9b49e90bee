import type { Incident } from '../../incident/state.js';
import { act, misused } from '../answers.js';
import type { Act, Verb, Within } from '../verb.js';
import { stepNamed, walked } from '../walk.js';

/** The first number of the line; buttons put theirs before the step they stand on. */
function ticking(verb: Verb, args: string, about: Within, ticked: boolean): Act {
  const [first = '', ...rest] = args.replace(/^#/, '').split(/\s+/);
  const { said, meant } = stepNamed(rest.join(' '));
  if (!/^[1-9]\d?$/.test(first) || said !== '') return misused(verb, 'Which sub-step? Give its number.');
  const substep = Number(first) - 1;
  return act(about, { type: 'tickSubstep', substep, ticked, ...meant }, (after, events) =>
    walked(
      after,
      about,
      `Sub-step ${first} is ${ticked ? 'ticked' : 'not ticked any more'}. ${countOf(after)}`,
      events,
    ),
  );
}

function countOf({ walk }: Incident): string {
  const step = walk && walk.current !== null ? walk.steps[walk.current] : undefined;
  return step ? `${step.ticked.length} of ${step.substeps} are.` : '';
}

export const tick: Verb = {
  name: 'tick',
  aliases: ['ticked', 'check', 'checked', 'tick-off'],
  group: 'Walk the playbook',
  usage: 'tick <number>',
  examples: ['tick 2'],
  help: 'Tick a sub-step of the step in hand.',
  plain: true,
  where: 'incident',
  read: (args, about) => ticking(tick, args, about, true),
};

export const untick: Verb = {
  name: 'untick',
  aliases: ['unticked', 'uncheck'],
  group: 'Walk the playbook',
  usage: 'untick <number>',
  examples: ['untick 2'],
  help: 'Take the tick of a sub-step back.',
  plain: true,
  where: 'incident',
  read: (args, about) => ticking(untick, args, about, false),
};
