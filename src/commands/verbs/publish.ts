import type { Incident } from '../../incident/state.js';
import { type Block, paragraph, strong, text } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { internalsIn, publicDraft } from '../../messages/public-draft.js';
import { formatTime } from '../../messages/zones.js';
import { act, called, found, lineButton, misused, quoted, withButtons } from '../answers.js';
import { spanOf } from '../span.js';
import type { Act, Verb, Within } from '../verb.js';

/** Phones turn two dashes into one long one, and straighten no quotation marks. */
const option = /^(?:--|[\u2013\u2014])(confirm|as-is|title|next)(?=\s|=|$)[\s=]*/i;
const inQuotes = /^["\u201c\u201d\u201e]([^"\u201c\u201d\u201e]*)["\u201c\u201d\u201e]\s*/;

interface Wished {
  title: string | null;
  words: string;
  nextInMs: number | null;
  confirmed: boolean;
  /** Although it names something internal. */
  asIs: boolean;
}

function wished(args: string): Wished | string {
  const made: Wished = { title: null, words: args, nextInMs: null, confirmed: false, asIs: false };
  for (let hit = option.exec(made.words); hit; hit = option.exec(made.words)) {
    made.words = made.words.slice(hit[0].length);
    const name = hit[1]?.toLowerCase();
    if (name === 'confirm') made.confirmed = true;
    else if (name === 'as-is') made.asIs = true;
    else if (name === 'title') {
      const title = inQuotes.exec(made.words) ?? /^(\S*)\s*/.exec(made.words);
      made.title = title?.[1]?.trim() || null;
      made.words = made.words.slice(title?.[0].length ?? 0);
    } else {
      const span = spanOf(made.words);
      if (!span || span.ms === 0) return 'In how long does the next word come? For example 30m.';
      made.nextInMs = span.ms;
      made.words = span.rest;
    }
  }
  return made;
}

const headlineOf = ({ publication, number }: Incident, title: string | null): string =>
  title ?? publication?.title ?? `Incident ${number}`;

const asks = (value: string) => ({ label: 'What may everybody read?', required: true, value });

/** What everybody would read, word for word, before anybody does. `line`: the verb that does it, with its options. */
export function confirming(about: Within, title: string | null, words: string, line: string, does: string): Act {
  const { incident, names } = about;
  const headline = headlineOf(incident, title);
  const named = internalsIn(`${headline}\n${words}`, incident, names);
  const warning = named.length === 0 ? '' : ` It names what is internal: ${literal(named.join(', '), quoted)}.`;
  const said = `Nothing is published yet. Everybody outside would read this, and nothing else of ${called(incident)}.${warning}`;
  const blocks: Block[] = [
    paragraph(text(said)),
    { kind: 'quote', content: [strong(`${literal(headline, quoted)}: `), text(literal(words))] },
  ];
  const sure = named.length === 0 ? `${line} --confirm` : `${line} --confirm --as-is`;
  const on = { incidentId: incident.id };
  return {
    kind: 'say',
    reply: {
      text: `${said} “${literal(headline, quoted)}: ${literal(words)}” To go ahead: /incident ${line} --confirm and the text.`,
      refusal: { code: 'confirm' },
      card: {
        tone: 'warning',
        summary: said,
        blocks: withButtons(blocks, [
          ...lineButton(named.length === 0 ? does : `${does} all the same`, `${sure} ${words}`, {
            ...on,
            style: named.length === 0 ? 'primary' : 'danger',
          }),
          ...lineButton('Change the words…', `${line} --confirm`, { ...on, input: asks(words) }),
        ]),
      },
    },
  };
}

/** Whether this may go out without asking: it is confirmed, and names nothing internal or does so knowingly. */
export const isConfirmed = ({ incident, names }: Within, { title, words, confirmed, asIs }: Omit<Wished, 'nextInMs'>) =>
  confirmed && (asIs || internalsIn(`${headlineOf(incident, title)}\n${words}`, incident, names).length === 0);

/** Options as they were given, for the line that goes ahead. */
const again = (title: string | null, nextInMs: number | null): string =>
  [
    'publish',
    ...(title === null ? [] : [`--title "${title.replaceAll('"', "'")}"`]),
    ...(nextInMs === null ? [] : [`--next ${Math.round(nextInMs / 60_000)}m`]),
  ].join(' ');

function drafted({ incident, names }: Within): Act {
  const draft = publicDraft(incident, names);
  const { publication } = incident;
  const reads = publication
    ? `Everybody reads since ${formatTime(publication.at)}: “${literal(publication.text, quoted)}”.`
    : 'Nothing of it is public yet.';
  const said = `${reads} A draft without what is internal; read it before it goes out:`;
  return {
    kind: 'say',
    reply: {
      text: `${said} ${draft}`,
      card: {
        tone: 'neutral',
        summary: said,
        blocks: withButtons(
          [paragraph(text(said)), { kind: 'quote', content: [text(draft)] }],
          lineButton('Read and publish…', 'publish --confirm', {
            incidentId: incident.id,
            style: 'primary',
            input: asks(draft),
          }),
        ),
      },
    },
  };
}

export const publish: Verb = {
  name: 'publish',
  aliases: ['published', 'publishes', 'tell-everybody', 'public-update'],
  group: 'Keep people posted',
  usage: 'publish [--title "headline"] [--next 30m] [--confirm] <text>',
  examples: [
    'publish',
    'publish --confirm Some of you cannot publish images. We are working on it',
    'publish --title "Publishing images fails" --confirm Some of you cannot publish images',
  ],
  help: 'Tell everybody outside. Without --confirm you see first what they will read; nothing else is ever public.',
  asks: { label: 'What may everybody read?', required: true },
  where: 'incident',
  read(args, about) {
    const asked = wished(args);
    if (typeof asked === 'string') return misused(publish, asked);
    const { title, words, nextInMs } = asked;
    if (words === '') return asked.confirmed ? misused(publish, 'Say what everybody may read.') : drafted(about);
    if (!isConfirmed(about, asked)) return confirming(about, title, words, again(title, nextInMs), 'Publish');
    return act(
      about,
      { type: 'publish', title, text: words, ...(nextInMs !== null && { nextInMs }) },
      (after, events) => {
        const nextAt = found(events, 'published')?.nextAt ?? null;
        const next =
          nextAt === null ? 'No further word is promised.' : `The next word is due at ${formatTime(nextAt)}.`;
        return `Everybody reads it now, of ${called(after)}. ${next}`;
      },
    );
  },
};
