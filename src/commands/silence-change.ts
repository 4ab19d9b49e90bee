import type { Matching } from '../alerts/quiet/matching.js';
import type { Reply } from '../chat/platform.js';
import { type Incident, isOpen } from '../incident/state.js';
import { type Button, type Card, paragraph, text } from '../messages/card.js';
import { literal } from '../messages/literal.js';
import { called, holderOf, longestMs, type Silence } from '../quiet/silence.js';
import { bodyOf, endedCard, heldShown, whatOf } from '../quiet/words.js';
import { lineButton, misused, refused, sayCard, withButtons } from './answers.js';
import { shown, zoneFor } from './on-call-show.js';
import { stretchOf } from './on-call-times.js';
import { secretsTyped } from './secret-warning.js';
import { type Line, lineOf, timesWritten, whatWritten } from './silence-line.js';
import { previewCard, previewOf } from './silence-show.js';
import { spanOf } from './span.js';
import type { About, Act, Verb } from './verb.js';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const aheadMs = 90 * dayMs;
const reasonAtMost = 200;
const alertsOfIncident = 200;
const alikeAtMost = 20;

type Usage = Pick<Verb, 'usage' | 'examples'>;
type Draft = Pick<Silence, 'kind' | 'what' | 'because' | 'fromAt' | 'untilAt'> & { times: string };

/** Something is to be kept quiet. Only what a button of the preview says (`sure`) is done at once. */
export async function keepQuiet(
  kind: Silence['kind'],
  typed: string,
  sure: boolean,
  usage: Usage,
  about: About,
): Promise<Act> {
  const line = lineOf(typed, about);
  if ('unknown' in line) return unknown(kind, line, typed, usage);
  if ('missing' in line) return misused(usage, 'Which alerts?');
  if ('bad' in line) return misused(usage, line.bad);
  const draft = await draftOf(kind, line, usage, about);
  if ('act' in draft) return draft.act;
  if (sure) return set(draft, about);
  const again = `${whatWritten(line.what)} ${timesWritten(draft.times, draft, about.now)} because ${draft.because}`;
  return sayCard(previewCard(draft, await previewOf(draft.what, about), again, about));
}

async function draftOf(kind: Silence['kind'], line: Line, usage: Usage, about: About): Promise<Draft | { act: Act }> {
  const no = (act: Act): { act: Act } => ({ act });
  const because = literal(line.because, reasonAtMost);
  const what = line.what === 'these' ? await alertsOf(about) : [line.what];
  if (what === null)
    return no(misused(usage, 'Which alerts? “this” means those of an incident, and this is no incident’s channel.'));
  if (what.length === 0)
    return no(refused('no-alerts', 'This incident has no alerts and no service, so there is nothing to tell them by.'));
  // A time to come may stand without its word: "sat 02:00 for 3h".
  const times =
    kind === 'maintenance' &&
    /^(?:\d|[a-z]{3,9}\s+\d|today|tonight|tomorrow)/i.test(line.times) &&
    !spanOf(line.times) &&
    !/^(?:for|from|until|till?)\s/i.test(line.times)
      ? `from ${line.times}`
      : line.times;
  const bareSpan = spanOf(times) ? `for ${times}` : times;
  const stretch = stretchOf(bareSpan.replace(/^(?:at|on)\s/i, 'from '), { now: about.now, zone: zoneFor(about) });
  if (stretch === null) return no(misused(usage, 'Until when? Say for 2h, or until 18:00.', spans(kind, line)));
  if ('wrong' in stretch) return no(misused(usage, stretch.wrong));
  const fromAt = Math.max(stretch.fromAt, about.now);
  const { untilAt } = stretch;
  if (untilAt - fromAt < minuteMs)
    return no(misused(usage, `It would end (${shown(untilAt, about)}) before it begins.`));
  if (untilAt - fromAt > longestMs || fromAt - about.now > aheadMs)
    return no(
      misused(
        usage,
        'At most 7 days, and within the next 90. Windows that come again stand in muster.yaml, under maintenance.',
      ),
    );
  if (because === '')
    return no(misused(usage, 'Why? Say it after “because”: it stands with every alert that is held.'));
  if (secretsTyped(line.because).length > 0)
    return no(refused('secret', 'The reason looks as if it held a secret. It would be kept for ever: say it without.'));
  return { kind, what, because, fromAt, untilAt, times: bareSpan };
}

const spans = (kind: string, line: Line): Button[] =>
  line.because === ''
    ? []
    : ['30m', '2h', '8h'].flatMap((span) =>
        lineButton(`For ${span}`, `${kind} ${whatWritten(line.what)} for ${span} because ${line.because}`),
      );

/** What tells the alerts of the incident at hand; null: there is no incident here. */
async function alertsOf({ incident, reads, viewer }: About): Promise<Matching[] | null> {
  if (!incident) return null;
  const { alerts } = await reads.alerts(viewer, incident.id, { limit: alertsOfIncident, offset: 0 });
  const alike = new Map<string, Matching>();
  for (const { source, name, service } of alerts)
    alike.set(JSON.stringify([source, name, service]), {
      sources: [source],
      names: [name],
      ...(service !== null && { services: [service] }),
    });
  if (alike.size > 0 && alike.size <= alikeAtMost) return [...alike.values()];
  return incident.services.length > 0
    ? [{ services: [...incident.services] }]
    : [...alike.values()].slice(0, alikeAtMost);
}

async function set({ times: _, ...draft }: Draft, about: About): Promise<Act> {
  const { asker, incident, now } = about;
  const silence: Silence = {
    ...draft,
    number: await about.reads.nextSilence(),
    setBy: asker.personId,
    setAt: now,
    incidentId: incident?.id ?? null,
    endedAt: null,
  };
  const { kind, number, fromAt, untilAt, because } = silence;
  const when = `${fromAt > now ? `from ${shown(fromAt, about)} ` : ''}until ${shown(untilAt, about)}`;
  const said = `${capital(called(silence))} is set: ${whatOf(silence)}, ${when}. ${because}`;
  const buttons = [
    ...lineButton('End it', `unsilence ${number}`),
    ...lineButton('Extend by 1 h', `silence extend ${number} 1h`),
    ...lineButton('All of them', 'silences'),
  ];
  const told = `${asker.name} set ${called(silence)}: ${whatOf(silence)}, until ${utc(untilAt)}. ${because}`;
  return {
    kind: 'arrange',
    events: [{ type: 'silenceSet', body: bodyOf(silence) }],
    silences: [{ set: silence }],
    post: postIn(incident, { tone: 'neutral', summary: told, blocks: [paragraph(text(told))] }),
    reply: cardReply(said, buttons, kind === 'silence' ? 'good' : 'neutral'),
  };
}

const utc = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function cardReply(said: string, all: readonly Button[], tone: Card['tone'] = 'good'): Reply {
  return { text: said, card: { tone, summary: said, blocks: withButtons([paragraph(text(said))], all) } };
}

/** Where an incident is worked on, if it still is. */
function postIn(incident: Incident | null, card: Card): NonNullable<Extract<Act, { kind: 'arrange' }>['post']> {
  const platform = incident?.policy.platforms.find((each) => incident.channels[each]);
  return incident && platform !== undefined && isOpen(incident) ? [{ incidentId: incident.id, platform, card }] : [];
}

/** `3`, or nothing where there is only one. */
function which(typed: string, what: string, about: About): Silence | { act: Act } {
  const standing = about.quiet.silences();
  const number = Number(/^#?(\d{1,9})$/.exec(typed)?.[1] ?? Number.NaN);
  const [only, ...others] = standing;
  const found =
    standing.find((each) => each.number === number) ?? (typed === '' && others.length === 0 ? only : undefined);
  if (found) return found;
  const choices = standing
    .slice(0, 5)
    .flatMap((each) => lineButton(`${capital(called(each))}`, what.replace('%', String(each.number))));
  if (standing.length === 0)
    return { act: refused('no-silence', 'Nothing is silenced from chat.', lineButton('List', 'silences')) };
  return {
    act: refused(
      typed === '' ? 'which-silence' : 'no-silence',
      typed === ''
        ? 'Which one?'
        : `There is no silence ${typed.slice(0, 20)} that holds. There ${standing.length === 1 ? 'is' : 'are'}:`,
      choices,
    ),
  };
}

/** It ends now, and what it holds is heard. */
export async function end(typed: string, about: About): Promise<Act> {
  const silence = which(typed, 'unsilence %', about);
  if ('act' in silence) return silence.act;
  const { reads, viewer, asker, now } = about;
  const by = holderOf(silence);
  const held = (await reads.heldCounts()).find((each) => each.by === by)?.count ?? 0;
  const card = endedCard(silence, held, held > 0 ? await reads.heldBy(by, heldShown) : [], asker.name);
  const place = silence.incidentId === null ? null : await reads.incident(viewer, { id: silence.incidentId });
  const post = postIn(place, card);
  return {
    kind: 'arrange',
    events: [{ type: 'silenceEnded', body: { ...bodyOf(silence), early: true, stillFiring: held } }],
    silences: [{ end: silence.number, at: now }],
    post,
    tell: post.length === 0 && silence.setBy !== asker.personId ? [{ personId: silence.setBy, card }] : [],
    reply: { text: card.summary, card },
  };
}

/** `3 1h`: it lasts so much longer; `3 until 18:00`. */
export function extend(typed: string, usage: Usage, about: About): Act {
  const [, first = '', rest = ''] = /^(#?\d{1,9}(?=\s|$))?\s*(.*)$/s.exec(typed.trim()) ?? [];
  const silence = which(first, `silence extend % ${rest}`.trim(), about);
  if ('act' in silence) return silence.act;
  const span = spanOf(rest.replace(/^(?:by|for|another)\s+/i, ''));
  const stretch = span ? null : stretchOf(rest, { now: about.now, zone: zoneFor(about) });
  if (!span && stretch === null) return misused(usage, 'By how much? For example: silence extend 3 1h.');
  if (stretch && 'wrong' in stretch) return misused(usage, stretch.wrong);
  const untilAt = span ? silence.untilAt + span.ms : (stretch?.untilAt ?? 0);
  if (untilAt <= Math.max(about.now, silence.fromAt))
    return misused(usage, 'That is over already. To end it: unsilence.');
  if (untilAt - Math.max(about.now, silence.fromAt) > longestMs)
    return misused(usage, 'It can hold for at most 7 days from now.');
  const said = `${capital(called(silence))} (${whatOf(silence)}) holds until ${shown(untilAt, about)} now.`;
  return {
    kind: 'arrange',
    events: [{ type: 'silenceExtended', body: { ...bodyOf(silence), untilAt, before: silence.untilAt } }],
    silences: [{ extend: silence.number, untilAt }],
    reply: cardReply(said, lineButton('End it', `unsilence ${silence.number}`)),
  };
}

function unknown(
  kind: string,
  { unknown: word, meant }: { unknown: string; meant: string[] },
  typed: string,
  usage: Usage,
): Act {
  const shownWord = literal(word, 40);
  const again = (key: string): string =>
    `${kind} ${typed.replace(word, `${key}=${/\s/.test(word) ? `"${word}"` : word}`)}`;
  const buttons = [
    ...meant.slice(0, 2).flatMap((each) => lineButton(each.slice(0, 40), `${kind} ${typed.replace(word, each)}`)),
    ...(['name', 'host', 'service'] as const).flatMap((key) =>
      lineButton(`${key}=${shownWord}`.slice(0, 40), again(key)),
    ),
  ];
  const hint =
    meant.length > 0 ? `Did you mean ${meant.join(' or ')}?` : 'Say what it is: name=…, host=…, source=…, or a label.';
  return misused(usage, `There is no service or sender ${shownWord}. ${hint}`, buttons);
}
