import { type Block, type Card, type Inline, note, paragraph, strong, text } from '../messages/card.js';
import { literal } from '../messages/literal.js';
import { personInline } from '../messages/situation.js';
import { formatRelative, formatTime } from '../messages/zones.js';
import type { Standing } from '../oncall/desk.js';
import type { Override } from '../oncall/shift.js';
import { lineButton, withButtons } from './answers.js';
import type { About } from './verb.js';

const shiftsShown = 12;
const dayMs = 86_400_000;
const lookedAheadMs = 30 * dayMs;

/** The reader's own zone; UTC when none is known. */
export const zoneFor = (about: About): string => about.onCall.zoneOf(about.asker.personId) ?? 'UTC';

/** `23 Nov 09:00 +01:00 Europe/Berlin`, in the reader's zone. */
export const shown = (at: number, about: About): string => formatTime(at, zoneFor(about), 'date');

export const nameOf = (personId: string, about: About): string => about.names.get(personId) ?? personId;

/** `Ada and Bob`, or nobody. */
export const namesOf = (people: readonly string[], about: About): string =>
  people.length === 0 ? 'nobody' : people.map((personId) => nameOf(personId, about)).join(' and ');

function peopleInline(people: readonly string[], about: About): Inline[] {
  if (people.length === 0) return [strong('nobody')];
  return people.flatMap((personId, i) => [...(i > 0 ? [text(', then ')] : []), personInline(personId, about.names)]);
}

const standings = (names: readonly string[], about: About): Standing[] =>
  names.flatMap((name) => about.onCall.standing(name, about.now) ?? []);

/** How one schedule stands, in a line of plain text. */
function summaryOf({ schedule, now, next }: Standing, about: About): string {
  const until = next ? ` until ${shown(next.at, about)}` : '';
  return `${schedule}: ${namesOf(now.people, about)}${until}`;
}

function nowLine({ schedule, now, next }: Standing, about: About): Inline[] {
  const why = now.people.length > 0 ? null : about.onCall.onCall(schedule, about.now).why;
  return [
    strong(schedule),
    text(': '),
    ...peopleInline(now.people, about),
    text(why === null ? '' : ` (${literal(why, 200)})`),
    ...(next
      ? [
          text(` until ${shown(next.at, about)} (${formatRelative(next.at, about.now)}), then `),
          ...peopleInline(next.to, about),
        ]
      : [text(', with no change in sight')]),
  ];
}

function notesOf({ schedule, now, copyOf, error, notes, overrides }: Standing, about: About): Block[] {
  const lines: string[] = [];
  if (error !== null)
    lines.push(
      copyOf === null
        ? `${schedule}: its calendar: ${error}.`
        : `${schedule}: from the copy of ${shown(copyOf, about)}; its calendar cannot be read: ${error}.`,
    );
  if (now.unknown.length > 0 && now.people.length > 0)
    lines.push(`${schedule}: ${now.unknown.join(' and ')} is planned too, whom Muster cannot call.`);
  for (const each of notes) lines.push(`${schedule}: ${each}.`);
  for (const each of overrides) lines.push(`${schedule}: ${overrideWords(each, about)}.`);
  return lines.map((line) => note(text(literal(line, 300))));
}

export function overrideWords({ personId, fromAt, untilAt, setBy }: Override, about: About): string {
  const by = setBy === personId ? '' : `, set by ${nameOf(setBy, about)}`;
  return `${nameOf(personId, about)} instead of whoever is planned, from ${shown(fromAt, about)} until ${shown(untilAt, about)}${by}`;
}

/** Who is on call now, and who is next. */
export function nowCard(names: readonly string[], about: About): Card {
  const all = standings(names, about);
  const gap = all.some(({ now }) => now.people.length === 0);
  const buttons = all
    .flatMap(({ overrides, schedule }) => overrides.map((each) => ({ each, schedule })))
    .slice(0, 5)
    .flatMap(({ each, schedule }) =>
      lineButton(`Drop ${nameOf(each.personId, about)} from ${schedule}`.slice(0, 40), `oncall drop ${each.id}`),
    );
  return {
    tone: gap ? 'warning' : 'neutral',
    summary: `On call. ${all.map((each) => summaryOf(each, about)).join('; ')}.`,
    blocks: withButtons(
      [
        { kind: 'list', ordered: false, items: all.map((each) => nowLine(each, about)) },
        ...all.flatMap((each) => notesOf(each, about)),
      ],
      buttons,
    ),
  };
}

/** Who is next. */
export function nextCard(names: readonly string[], about: About): Card {
  const items = standings(names, about).map(({ schedule, next }): { line: Inline[]; plain: string } =>
    next
      ? {
          line: [
            strong(schedule),
            text(': '),
            ...peopleInline(next.to, about),
            text(` from ${shown(next.at, about)} (${formatRelative(next.at, about.now)}), after `),
            ...peopleInline(next.from, about),
          ],
          plain: `${schedule}: ${namesOf(next.to, about)} from ${shown(next.at, about)}`,
        }
      : { line: [strong(schedule), text(': no change in sight')], plain: `${schedule}: no change in sight` },
  );
  return {
    tone: 'neutral',
    summary: `Next on call. ${items.map(({ plain }) => plain).join('; ')}.`,
    blocks: [{ kind: 'list', ordered: false, items: items.map(({ line }) => line) }],
  };
}

/** The asker's own times in the next 30 days. */
export function mineCard(names: readonly string[], about: About): Card {
  const { personId } = about.asker;
  const mine = names
    .flatMap((schedule) =>
      about.onCall
        .shifts(schedule, about.now, about.now + lookedAheadMs)
        .filter(({ people }) => people.includes(personId))
        .map((shift) => ({ schedule, ...shift })),
    )
    .sort((a, b) => a.fromAt - b.fromAt);
  const [first] = mine;
  if (!first) {
    const summary = 'You are not on call in the next 30 days.';
    return { tone: 'neutral', summary, blocks: [paragraph(text(summary))] };
  }
  const isNow = first.fromAt <= about.now;
  const summary = isNow
    ? `You are on call now for ${first.schedule}, until ${shown(first.untilAt, about)}.`
    : `You are on call next for ${first.schedule}, from ${shown(first.fromAt, about)}.`;
  const items = mine
    .slice(0, shiftsShown)
    .map(({ schedule, fromAt, untilAt }) => [
      strong(schedule),
      text(`: ${fromAt <= about.now ? 'now' : shown(fromAt, about)} until ${shown(untilAt, about)}`),
    ]);
  const more = mine.length - items.length;
  return {
    tone: 'neutral',
    summary,
    blocks: [
      paragraph(text(summary)),
      { kind: 'list', ordered: false, items },
      ...(more > 0 ? [note(text(`and ${more} more in the next 30 days.`))] : []),
    ],
  };
}
