import type { Incident } from '../../incident/state.js';
import { sameForAll, toldNow } from '../../incident/told.js';
import { paragraph, text } from '../../messages/card.js';
import { draftCard } from '../../messages/draft.js';
import { formatTime } from '../../messages/zones.js';
import { act, called, found, lineButton, misused, sayCard, withButtons } from '../answers.js';
import { spanOf } from '../span.js';
import type { Act, Verb } from '../verb.js';
import { confirming as confirmingPublic, isConfirmed } from './publish.js';

/** Phones turn two dashes into one long one. */
const option = /^(?:--|[\u2013\u2014])(again|next|public|confirm|as-is)(?:\s+|=|$)/i;
interface Wished {
  written: string;
  /** It may repeat the last one. */
  again: boolean;
  nextInMs: number | null;
  /** The same words are for everybody; who writes them has read what everybody will. */
  everybody: boolean;
  confirmed: boolean;
  asIs: boolean;
}

/** null: the next one comes in no time. */
function asked(args: string): Wished | null {
  const made: Wished = {
    written: args,
    again: false,
    nextInMs: null,
    everybody: false,
    confirmed: false,
    asIs: false,
  };
  for (let hit = option.exec(made.written); hit; hit = option.exec(made.written)) {
    made.written = made.written.slice(hit[0].length);
    const name = hit[1]?.toLowerCase();
    if (name === 'again') made.again = true;
    else if (name === 'public') made.everybody = true;
    else if (name === 'confirm') made.confirmed = true;
    else if (name === 'as-is') made.asIs = true;
    else {
      const span = spanOf(made.written);
      if (!span || span.ms === 0) return null;
      made.nextInMs = span.ms;
      made.written = span.rest;
    }
  }
  return made;
}

/** What executives have to decide may end the text: `Decision: May we stop all builds?` */
function parted(written: string): { words: string; decision: string | null } {
  const hit = /(?:^|[.!?]\s+|\n\s*)decision(?: needed)?:\s*(.+)$/is.exec(written);
  const words = hit ? written.slice(0, hit.index + (/^[.!?]/.test(hit[0]) ? 1 : 0)).trim() : '';
  return hit && words !== '' ? { words, decision: (hit[1] as string).trim() } : { words: written, decision: null };
}

const nextOf = (ms: number | null): string[] => (ms === null ? [] : [`--next ${Math.round(ms / 60_000)}m`]);

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
  usage: 'update [--next 15m] [--public] <text>',
  examples: [
    'update Pushes fail for everybody. We are freeing disk space',
    'update --next 15m The disk is being grown',
    'update Half of the builds fail. Decision: May we stop the other half?',
  ],
  help: 'Post a status update now; the clock starts again. Without a text: a draft, and what has changed.',
  asks: { label: 'What should stakeholders know?', required: true },
  where: 'incident',
  read(args, about) {
    const said = asked(args);
    if (!said) return misused(update, 'In how long does the next one come? For example 15m.');
    const { again, nextInMs, everybody } = said;
    const { incident } = about;
    if (said.written === '')
      return args === ''
        ? sayCard(draftCard(incident, about.now))
        : misused(update, 'Say what stakeholders should know.');
    const { words: written, decision } = parted(said.written);
    if (!again && repeats(incident, written, toldNow(incident))) return confirming(incident, written);
    const forAll = { title: null, words: written, confirmed: said.confirmed, asIs: said.asIs };
    if (everybody && !isConfirmed(about, forAll)) {
      const line = ['update --public', ...(again ? ['--again'] : []), ...nextOf(nextInMs)].join(' ');
      return confirmingPublic(about, null, written, line, 'Post and publish');
    }
    return act(
      about,
      {
        type: 'postUpdate',
        text: written,
        ...(nextInMs !== null && { nextInMs }),
        ...(decision !== null && { decision }),
        ...(everybody && { publish: { title: null, text: written } }),
      },
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
        const read = everybody ? ' Everybody outside reads it too.' : '';
        return `Update${posted ? ` ${posted.number}` : ''} of ${called(after)} goes out. ${next}${quiet}${read}`;
      },
    );
  },
};
