import type { Incident } from '../../incident/state.js';
import { sameForAll, toldNow } from '../../incident/told.js';
import { paragraph, text } from '../../messages/card.js';
import { formatTime } from '../../messages/zones.js';
import { act, called, found, lineButton, misused, withButtons } from '../answers.js';
import type { Act, Verb } from '../verb.js';

/** Phones turn two dashes into one long one. */
const again = /^(?:--|[\u2013\u2014])again\s+/i;
const words = (written: string): string => written.replace(/\s+/g, ' ').trim().toLowerCase();

/** Word for word what stakeholders read last, and nothing else has changed for them. */
function repeats({ updates }: Incident, written: string, now: ReturnType<typeof toldNow>): boolean {
  const { told, lastWords } = updates;
  return told !== null && lastWords !== null && words(lastWords) === words(written) && sameForAll(told, now);
}

function confirming(incident: Incident, written: string): Act {
  const since = incident.updates.toldSince;
  const said = `This is word for word what stakeholders were told${since === null ? '' : ` at ${formatTime(since)}`}, and nothing has changed since. Nothing was posted. What has been tried, or ruled out?`;
  const input = { label: 'What should stakeholders know?', value: written, required: true };
  return {
    kind: 'say',
    reply: {
      text: said,
      refusal: { code: 'repeats' },
      card: {
        tone: 'neutral',
        summary: said,
        blocks: withButtons(
          [paragraph(text(said))],
          [
            ...lineButton('Change the words…', 'update', { incidentId: incident.id, style: 'primary', input }),
            ...lineButton('Post it again', `update --again ${written}`, { incidentId: incident.id }),
          ],
        ),
      },
    },
  };
}

export const update: Verb = {
  name: 'update',
  aliases: ['updated', 'post-update', 'status-update', 'announce', 'inform'],
  group: 'Keep people posted',
  usage: 'update <text>',
  examples: ['update Pushes fail for everybody. We are freeing disk space'],
  help: 'Post a status update now; the clock starts again.',
  asks: { label: 'What should stakeholders know?', required: true },
  where: 'incident',
  read(args, about) {
    const written = args.replace(again, '');
    if (written === '') return misused(update, 'Say what stakeholders should know.');
    const { incident } = about;
    if (written === args && repeats(incident, written, toldNow(incident))) return confirming(incident, written);
    return act(about, { type: 'postUpdate', text: written }, (after, events) => {
      const posted = found(events, 'updatePosted');
      const next =
        after.updates.dueAt === null
          ? 'No further one is promised.'
          : `The next one is due at ${formatTime(after.updates.dueAt)}.`;
      const quiet =
        (posted?.revises ?? null) === null
          ? ''
          : ' Stakeholders read it in the place of the last one, without being called again: nothing of severity, status or impact has changed.';
      return `Update${posted ? ` ${posted.number}` : ''} of ${called(after)} goes out. ${next}${quiet}`;
    });
  },
};
