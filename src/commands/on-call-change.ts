import { randomUUID } from 'node:crypto';
import { type Button, type Card, paragraph, text } from '../messages/card.js';
import { count } from '../messages/count.js';
import { formatTime } from '../messages/zones.js';
import type { Override } from '../oncall/shift.js';
import { lineButton, misused, refused } from './answers.js';
import { nameOf, namesOf, overrideWords, shown, zoneFor } from './on-call-show.js';
import { stretchOf } from './on-call-times.js';
import type { Known } from './people.js';
import type { About, Act, Verb } from './verb.js';

const dayMs = 86_400_000;
const longestMs = 60 * dayMs;
const toldAtMost = 3;

type Usage = Pick<Verb, 'usage' | 'examples'>;
type Range = Pick<Override, 'fromAt' | 'untilAt'>;

/** Somebody is on call instead of whoever is planned. `line` writes the command again, without its times. */
export function cover(usage: Usage, person: Known, schedule: string, times: string, line: string, about: About): Act {
  const stretch = stretchOf(times, { now: about.now, zone: zoneFor(about) });
  if (stretch === null) return untilWhen(person, schedule, line, about);
  if ('wrong' in stretch) return misused(usage, stretch.wrong);
  const range = { fromAt: Math.max(stretch.fromAt, about.now), untilAt: stretch.untilAt };
  if (range.untilAt <= range.fromAt)
    return misused(usage, `It would end (${shown(range.untilAt, about)}) before it begins.`);
  if (range.untilAt - range.fromAt > longestMs || range.fromAt - about.now > 365 * dayMs)
    return misused(usage, 'An override is for at most 60 days, in the next year. Change the schedule itself for more.');
  return set(person, schedule, range, about);
}

function set(person: Known, schedule: string, range: Range, about: About): Act {
  const { asker } = about;
  const planned = plannedIn(schedule, range, about).filter((personId) => personId !== person.personId);
  const override: Override = {
    id: randomUUID(),
    schedule,
    personId: person.personId,
    ...range,
    setBy: asker.personId,
    setAt: about.now,
  };
  const who = person.personId === asker.personId ? 'You are' : `${person.name} is`;
  const said = `${who} on call for ${schedule} from ${shown(range.fromAt, about)} until ${shown(range.untilAt, about)}${planned.length > 0 ? `, instead of ${namesOf(planned, about)}` : ''}.`;
  const tell = [person.personId, ...planned.slice(0, toldAtMost)]
    .filter((personId) => personId !== asker.personId)
    .map((personId) => ({ personId, card: setCard(override, personId, about) }));
  return {
    kind: 'arrange',
    events: [{ type: 'overrideSet', body: bodyOf(override) }],
    overrides: [{ set: override }],
    tell,
    reply: {
      text: said,
      card: answered(said, lineButton('Drop it', `oncall drop ${override.id}`)),
    },
  };
}

const bodyOf = ({ id, schedule, personId, fromAt, untilAt }: Override) => ({ id, schedule, personId, fromAt, untilAt });

const answered = (said: string, buttons: readonly Button[]): Card => ({
  tone: 'good',
  summary: said,
  blocks: [paragraph(text(said)), { kind: 'buttons', buttons: [...buttons] }],
});

/** In the zone of whoever is told. */
const told = (at: number, personId: string, about: About): string =>
  formatTime(at, about.onCall.zoneOf(personId) ?? 'UTC', 'date');

function setCard(override: Override, to: string, about: About): Card {
  const { personId, schedule, fromAt, untilAt } = override;
  const range = `for ${schedule} from ${told(fromAt, to, about)} until ${told(untilAt, to, about)}`;
  const said =
    to === personId
      ? `You are on call ${range}: ${about.asker.name} has arranged it.`
      : `${nameOf(personId, about)} is on call instead of you ${range}: ${about.asker.name} has arranged it.`;
  return answered(said, [
    ...lineButton('Who is on call', `oncall ${schedule}`),
    ...(to === personId ? lineButton('Drop it', `oncall drop ${override.id}`) : []),
  ]);
}

const plannedIn = (schedule: string, { fromAt, untilAt }: Range, about: About): string[] => [
  ...new Set(about.onCall.shifts(schedule, fromAt, untilAt).flatMap(({ people }) => people)),
];

function untilWhen(person: Known, schedule: string, line: string, about: About): Act {
  const standing = about.onCall.standing(schedule, about.now);
  const whose = person.personId === about.asker.personId ? 'you' : person.name;
  const next = standing?.next ?? null;
  const until = next && next.at - about.now <= longestMs ? new Date(next.at).toISOString().slice(0, 16) : null;
  return refused('until-when', `Until when is it ${whose}? For example: /incident ${line} for 2h, or until 18:00.`, [
    ...['1h', '2h', '8h'].flatMap((span) => lineButton(`For ${span}`, `${line} for ${span}`)),
    ...(next && until
      ? lineButton(`Until ${formatTime(next.at, zoneFor(about))}`.slice(0, 40), `${line} until ${until}Z`)
      : []),
  ]);
}

/** Whoever is planned is on call again. `which`: a schedule, an override's id, or nothing: one's own. */
export function drop(which: string, about: About): Act {
  const standing = about.onCall.names().flatMap((name) => about.onCall.standing(name, about.now)?.overrides ?? []);
  const { personId } = about.asker;
  const meant = standing.filter((each) =>
    which === ''
      ? each.personId === personId || each.setBy === personId
      : each.id === which || each.schedule === which.toLowerCase(),
  );
  const [one, ...others] = meant;
  if (!one) {
    const none =
      which === '' ? 'You have no override to drop.' : `There is no override of ${which.slice(0, 40)} to drop.`;
    const buttons = standing.slice(0, 5).flatMap((each) => dropButton(each, about));
    return standing.length === 0
      ? refused(
          'no-override',
          'There is no override: everybody is on call as planned.',
          lineButton('Who is on call', 'oncall'),
        )
      : refused(
          'no-override',
          `${none} There ${standing.length === 1 ? 'is' : 'are'} ${count(standing.length, 'override')}:`,
          buttons,
        );
  }
  if (others.length > 0)
    return refused(
      'which-override',
      `Which of the ${meant.length} overrides?`,
      meant.slice(0, 5).flatMap((each) => dropButton(each, about)),
    );
  const said = `Dropped: ${one.schedule}: ${overrideWords(one, about)}.`;
  const tell = [...new Set([one.personId, one.setBy])]
    .filter((each) => each !== personId)
    .map((each) => ({ personId: each, card: droppedCard(one, each, about) }));
  return {
    kind: 'arrange',
    events: [{ type: 'overrideDropped', body: bodyOf(one) }],
    overrides: [{ drop: one.id, at: about.now }],
    tell,
    reply: { text: said, card: answered(said, lineButton('Who is on call', `oncall ${one.schedule}`)) },
  };
}

const dropButton = (each: Override, about: About): Button[] =>
  lineButton(
    `${nameOf(each.personId, about)}, ${each.schedule}, ${formatTime(each.fromAt, zoneFor(about), 'date')}`.slice(
      0,
      40,
    ),
    `oncall drop ${each.id}`,
  );

function droppedCard({ personId, schedule, fromAt, untilAt }: Override, to: string, about: About): Card {
  const range = `for ${schedule} from ${told(fromAt, to, about)} until ${told(untilAt, to, about)}`;
  const who = to === personId ? 'You are' : `${nameOf(personId, about)} is`;
  const said = `${who} no longer on call ${range}: ${about.asker.name} has dropped that. Whoever is planned is on call.`;
  return answered(said, lineButton('Who is on call', `oncall ${schedule}`));
}
