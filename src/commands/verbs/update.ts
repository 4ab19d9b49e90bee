import type { Incident } from '../../incident/state.js';
import { sameForAll, toldNow } from '../../incident/told.js';
import { paragraph, text } from '../../messages/card.js';
import { formatTime } from '../../messages/zones.js';
import { act, called, found, lineButton, misused, withButtons } from '../answers.js';
import { spanOf } from '../span.js';
import type { Act, Verb } from '../verb.js';

/** Phones turn two dashes into one long one. */
const option = /^(?:--|[\u2013\u2014])(again|next)(?:\s+|=|$)/i;
/** The text, whether it may repeat the last one, and how soon the next one is promised; null: that is no time. */
function asked(args: string): { written: string; again: boolean; nextInMs: number | null } | null {
  const made = { written: args, again: false, nextInMs: null as number | null };
  for (let hit = option.exec(made.written); hit; hit = option.exec(made.written)) {
    made.written = made.written.slice(hit[0].length);
    if (hit[1]?.toLowerCase() === 'again') made.again = true;
    else {
      const span = spanOf(made.written);
      if (!span || span.ms === 0) return null;
      made.nextInMs = span.ms;
      made.written = span.rest;
    }
  }
  return made;
}

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
  usage: 'update [--next 15m] <text>',
  examples: [
    'update Pushes fail for everybody. We are freeing disk space',
    'update --next 15m The disk is being grown',
  ],
  help: 'Post a status update now; the clock starts again. The next one can be promised sooner than usual.',
  asks: { label: 'What should stakeholders know?', required: true },
  where: 'incident',
  read(args, about) {
    const said = asked(args);
    if (!said) return misused(update, 'In how long does the next one come? For example 15m.');
    const { written, again, nextInMs } = said;
    if (written === '') return misused(update, 'Say what stakeholders should know.');
    const { incident } = about;
    if (!again && repeats(incident, written, toldNow(incident))) return confirming(incident, written);
    return act(
      about,
      { type: 'postUpdate', text: written, ...(nextInMs !== null && { nextInMs }) },
      (after, events) => {
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
      },
    );
  },
};
