import { formatDuration, formatTime } from '../../messages/zones.js';
import { act, called, found, misused } from '../answers.js';
import type { Verb } from '../verb.js';

const off = /^(?:off|over|no|end|stop|usual|normal)[.!]?$/i;

export const long: Verb = {
  name: 'long',
  aliases: ['long-incident', 'long-mode', 'slow-down'],
  presets: { 'long-off': 'off', 'long-over': 'off' },
  group: 'Keep people posted',
  usage: 'long [off]',
  examples: ['long'],
  help: 'Declare a long incident: updates come more rarely, and stakeholders are told so once.',
  where: 'incident',
  read(args, about) {
    if (args !== '' && !off.test(args)) return misused(long, 'It takes nothing, or off.');
    if (args === '')
      return act(about, { type: 'startLong' }, (after, events) => {
        const started = found(events, 'longStarted');
        const every = started ? ` Updates come every ${formatDuration(started.everyMs)} from now on.` : '';
        const due = after.updates.dueAt;
        return `${called(after)} is a long incident.${every}${due === null ? '' : ` The next is due at ${formatTime(due)}, as promised.`}`;
      });
    return act(about, { type: 'endLong' }, (after) => {
      const due = after.updates.dueAt;
      return `Updates of ${called(after)} come as often as usual again.${due === null ? '' : ` The next is due at ${formatTime(due)}.`}`;
    });
  },
};
