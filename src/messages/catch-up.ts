import type { EventType, TimelineEvent } from '../incident/events.js';
import { type Incident, isOpen } from '../incident/state.js';
import type { Playbook } from '../playbooks/playbook.js';
import { type Block, type Card, type Inline, note, paragraph, strong, text, time } from './card.js';
import { literal } from './literal.js';
import { webHref } from './markdown.js';
import { capital, placeName } from './outage-cards.js';
import { stepCard } from './step-card.js';
import { formatDuration, formatTime } from './zones.js';

export interface Missed {
  /** As it is now. */
  incident: Incident;
  /** What took it to where this is told. */
  move: Extract<TimelineEvent, { type: 'platformLost' | 'platformBack' }>;
  /** What was not told there, in order. */
  events: readonly TimelineEvent[];
  now: number;
}

export interface AboutMissed {
  names: ReadonlyMap<string, string>;
  /** An event as a sentence without its time. */
  words(event: TimelineEvent): Inline[];
  publicUrl: string;
  playbook: Playbook | null;
}

const linesAtMost = 20;
const textKept = 500;

/** What is counted, shown on the pinned card, or about Muster's own work. Anything else is told with its time and who. */
const untold: ReadonlySet<EventType> = new Set<EventType>([
  'triaged',
  'snoozeEnded',
  'alertsAttached',
  'alertsResolved',
  'acknowledgeMissed',
  'paged',
  'answerMissed',
  'acknowledgementLapsed',
  'severityProposed',
  'statusProposed',
  'responderJoined',
  'walkStarted',
  'stepDone',
  'stepSkipped',
  'steppedBack',
  'stepAssigned',
  'substepTicked',
  'stepOverdue',
  'stepExtended',
  'approvalAsked',
  'approvalClimbed',
  'approvalLapsed',
  'updatePosted',
  'updateAsked',
  'updateWarned',
  'updateMissed',
  'longProposed',
  'platformLost',
  'platformBack',
  'channelOpened',
  'invited',
  'deliveryFailed',
  'pageHandedOver',
  'pageFailed',
  'pageUnreached',
  'policyAdopted',
  'taskGiven',
  'taskExtended',
  'taskOverdue',
  'handoverProposed',
  'handoverOffered',
  'handoverReminded',
  'handoverClimbed',
  'handoverDeclined',
  'handoverWithdrawn',
  'roleOffered',
  'redacted',
]);

/** Not counted with others of its kind. */
export const isToldAlone = ({ type }: TimelineEvent): boolean => !untold.has(type);

type Event<T extends EventType> = Extract<TimelineEvent, { type: T }>;
const all = <T extends EventType>(events: readonly TimelineEvent[], type: T): Event<T>[] =>
  events.filter((event): event is Event<T> => event.type === type);
const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

/** One card for all that a platform has missed: what was decided and by whom, and of what repeats itself the newest. */
export function catchUpCard({ incident, move, events, now }: Missed, about: AboutMissed): Card {
  const lines = events.filter(isToldAlone);
  const shown = lines.slice(-linesAtMost);
  const left = lines.length - shown.length;
  const items = [
    ...shown.map((event): Inline[] => [time(event.at), text(' · '), ...about.words(event)]),
    ...stepsLine(incident, events),
    ...alertsLine(incident, events),
    ...missesLine(incident, events),
    ...updatesLine(events, now, about),
  ];
  const { summary, said } = heading(move, incident, now);
  const href = webHref(`${about.publicUrl}/incidents/${incident.number}/timeline`);
  const blocks: Block[] = [
    ...said,
    ...(left > 0 ? [note(text(`${plural(left, 'earlier entry').replace('entrys', 'entries')} on the timeline.`))] : []),
    items.length > 0
      ? { kind: 'list', ordered: false, items }
      : paragraph(text('Nothing has happened meanwhile that is not told above.')),
    ...(href === null ? [] : [paragraph({ kind: 'link', text: 'Everything, minute by minute', href })]),
  ];
  const inHand = isOpen(incident) && incident.walk?.current != null;
  const step = inHand ? stepCard(incident, about.playbook, about.names, [...blocks, { kind: 'divider' }]) : null;
  return { tone: isOpen(incident) ? incident.severity : 'good', summary, blocks: step?.blocks ?? blocks };
}

function heading(move: Missed['move'], { number, drill }: Incident, now: number): { summary: string; said: Block[] } {
  const { platform, standIn, since } = move.body;
  const home = capital(placeName(platform));
  const there = placeName(standIn);
  const called = `${drill ? 'Drill: ' : ''}Incident ${number}`;
  if (move.type === 'platformBack')
    return {
      summary: `${called} goes on here. From ${formatTime(since)} to ${formatTime(now)} it went on in ${there}; this tells what happened.`,
      said: [
        paragraph(
          strong(`${home} is back, and this goes on here.`),
          text(' For '),
          text(formatDuration(now - since)),
          text(', from '),
          time(since),
          text(' to '),
          time(now),
          text(`, it went on in ${there}. What happened meanwhile:`),
        ),
      ],
    };
  const gone: Inline[] =
    move.body.of === 'channel'
      ? [strong(`The channel on ${placeName(platform)} cannot be used, so this goes on here.`)]
      : [strong(`${home} has not answered since `), time(since), strong(', so this goes on here.')];
  return {
    summary: `${called} goes on here, because ${placeName(platform)} cannot be used.`,
    said: [
      paragraph(
        ...gone,
        text(' Commands, buttons, the playbook and all times are as before. It goes back by itself. So far:'),
      ),
    ],
  };
}

function stepsLine({ walk }: Incident, events: readonly TimelineEvent[]): Inline[][] {
  const done = all(events, 'stepDone').length;
  const skipped = all(events, 'stepSkipped').length;
  if (done + skipped === 0) return [];
  const counts = [
    ...(done > 0 ? [`${plural(done, 'step')} done`] : []),
    ...(skipped > 0 ? [`${plural(skipped, 'step')} skipped`] : []),
  ].join(', ');
  const place =
    walk?.current == null
      ? ''
      : `, now at step ${walk.current + 1} of ${walk.steps.length}, ${literal(walk.steps[walk.current]?.title ?? '', 120)}`;
  return [[strong('Playbook: '), text(`${counts}${place}`)]];
}

function alertsLine({ alerts }: Incident, events: readonly TimelineEvent[]): Inline[][] {
  const came = all(events, 'alertsAttached').reduce((sum, { body }) => sum + body.count, 0);
  const cleared = all(events, 'alertsResolved').reduce((sum, { body }) => sum + body.count, 0);
  if (came + cleared === 0) return [];
  const parts = [...(came > 0 ? [`${came} came`] : []), ...(cleared > 0 ? [`${cleared} cleared`] : [])].join(', ');
  return [[strong('Alerts: '), text(`${parts}; ${alerts.firing} of ${alerts.total} firing now`)]];
}

function missesLine({ acknowledgedAt }: Incident, events: readonly TimelineEvent[]): Inline[][] {
  const misses = all(events, 'acknowledgeMissed').filter(({ body }) => !body.again).length;
  return misses === 0 || acknowledgedAt !== null
    ? []
    : [[strong('Nobody has acknowledged'), text(`; asked ${plural(misses, 'time')}`)]];
}

/** Only the last one still counts; how old it is has to be said. */
function updatesLine(events: readonly TimelineEvent[], now: number, about: AboutMissed): Inline[][] {
  const updates = all(events, 'updatePosted');
  const last = updates.at(-1);
  if (!last) return [];
  const age = now - last.at < 60_000 ? [] : [text(`, ${formatDuration(now - last.at)} before this`)];
  const written = updates.findLast(({ body, redacted }) => !redacted && body.text !== null);
  const lastWords: Inline[] =
    written && written !== last
      ? [
          text('; the last that somebody wrote, at '),
          time(written.at),
          text(`: “${literal(written.body.text ?? '', textKept)}”`),
        ]
      : [];
  return [
    [
      strong('Status updates: '),
      text(`${updates.length}. The last at `),
      time(last.at),
      ...age,
      text(': '),
      ...about.words(last),
      ...lastWords,
    ],
  ];
}
