import { formatTime } from '../../messages/zones.js';
import { act, called, found, misused } from '../answers.js';
import type { Verb } from '../verb.js';

export const update: Verb = {
  name: 'update',
  aliases: ['updated', 'post-update', 'status-update', 'announce', 'inform'],
  group: 'Keep people posted',
  usage: 'update <text>',
  examples: ['update Pushes fail for everybody. We are freeing disk space'],
  help: 'Post a status update now; the clock starts again.',
  asks: { label: 'What should stakeholders know?', required: true },
  where: 'incident',
  read: (args, about) =>
    args === ''
      ? misused(update, 'Say what stakeholders should know.')
      : act(about, { type: 'postUpdate', text: args }, (after, events) => {
          const posted = found(events, 'updatePosted');
          const next =
            after.updates.dueAt === null
              ? 'No further one is promised.'
              : `The next one is due at ${formatTime(after.updates.dueAt)}.`;
          return `Update${posted ? ` ${posted.number}` : ''} of ${called(after)} goes out. ${next}`;
        }),
};
