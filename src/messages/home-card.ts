import { answersFor } from '../incident/here.js';
import { type FollowUp, type Incident, isDeclared, isOpen } from '../incident/state.js';
import {
  type Block,
  type Button,
  buttons,
  type Card,
  type Inline,
  note,
  paragraph,
  strong,
  text,
  time,
} from './card.js';
import { literal } from './literal.js';
import { incidentButton } from './sensible-now.js';

interface About {
  personId: string;
  now: number;
  publicUrl: string;
}

const shownAtMost = 8;
const titleKept = 100;
const workKept = 160;
const dayMs = 24 * 3_600_000;
/** Nobody has said whether it is done: so long after its day, or after the incident, it is not shown any more. */
const followUpShownForMs = 30 * dayMs;

/**
 * What is somebody's own: the incidents they are in, those nobody commands, and what they owe afterwards.
 * @param incidents all that this person may see, or the newest of them.
 */
export function homeCard(incidents: readonly Incident[], about: About): Card {
  const { personId } = about;
  const live = incidents.filter((each) => isDeclared(each) && (isOpen(each) || each.status === 'resolved'));
  const mine = live.filter((each) => each.responders.includes(personId));
  const leaderless = live.filter(
    (each) => isOpen(each) && each.visibility === 'public' && !each.roles.commander && !mine.includes(each),
  );
  const owed = owedBy(incidents, about);
  const summary =
    mine.length === 0 ? 'You are in no open incident.' : `You are in ${mine.length} open incident${plural(mine)}.`;
  const take: Button[] = leaderless
    .slice(0, 3)
    .map((each) => incidentButton(each, `Take command of #${each.number}`, 'take commander'));
  return {
    tone: mine.find(isOpen)?.severity ?? 'neutral',
    summary,
    blocks: [
      ...(mine.length === 0
        ? [paragraph(text(summary))]
        : section('You are in', mine, (each) => mineLine(each, about))),
      ...(leaderless.length === 0 ? [] : section('Nobody commands', leaderless, (each) => openLine(each, about))),
      ...(owed.length === 0 ? [] : section('You owe', owed, (each) => owedLine(each, about))),
      buttons(...take, declareButton, { label: 'Open incidents', command: '/incident list' }),
    ],
  };
}

const declareButton: Button = {
  label: 'Declare…',
  command: '/incident declare',
  input: { label: 'What is wrong?', placeholder: 'Registry: pushes fail', required: true },
};
const plural = (many: readonly unknown[]): string => (many.length === 1 ? '' : 's');

function section<T>(title: string, all: readonly T[], line: (each: T) => Inline[]): Block[] {
  const more = all.length - shownAtMost;
  return [
    paragraph(strong(title)),
    { kind: 'list', ordered: false, items: all.slice(0, shownAtMost).map(line) },
    ...(more > 0 ? [note(text(`${more} more ${more === 1 ? 'is' : 'are'} not shown.`))] : []),
  ];
}

function named({ number, title, drill }: Incident, { publicUrl }: About): Inline[] {
  const words = `#${number} ${literal(title, titleKept)}`;
  const link: Inline = { kind: 'link', text: words, href: `${publicUrl}/incidents/${number}` };
  return [...(drill ? [strong('DRILL '), text('· ')] : []), /^https?:\/\//.test(publicUrl) ? link : text(words)];
}

const openLine = (incident: Incident, about: About): Inline[] => [
  ...named(incident, about),
  text(` · ${incident.severity} · ${incident.status}`),
];

function mineLine(incident: Incident, about: About): Inline[] {
  const held = answersFor(incident, about.personId);
  const { dueAt } = incident.updates;
  const due: Inline[] =
    dueAt === null || !isOpen(incident)
      ? []
      : [
          text(dueAt < about.now ? ' · update overdue since ' : ' · next update due '),
          time(dueAt, near(dueAt, about.now)),
        ];
  const led = held.length > 0 ? ` · you: ${held.join(', ')}` : incident.roles.commander ? '' : ' · nobody commands';
  return [...openLine(incident, about), text(led), ...due];
}
const near = (at: number, now: number): 'clock' | 'date' => (Math.abs(now - at) < dayMs / 2 ? 'clock' : 'date');

interface Owed {
  incident: Incident;
  followUp: FollowUp;
}

/** The soonest due first; those without a day last. */
function owedBy(incidents: readonly Incident[], { personId, now }: About): Owed[] {
  const shownFrom = dayOf(now - followUpShownForMs);
  const isShown = ({ incident, followUp }: Owed): boolean =>
    followUp.owner === personId && (followUp.dueOn ?? dayOf(incident.closedAt ?? now)) >= shownFrom;
  return incidents
    .flatMap((incident) => incident.followUps.map((followUp) => ({ incident, followUp })))
    .filter(isShown)
    .sort((a, b) => (a.followUp.dueOn ?? '9999').localeCompare(b.followUp.dueOn ?? '9999'));
}
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

function owedLine({ incident, followUp: { text: work, dueOn } }: Owed, about: About): Inline[] {
  const late = dueOn !== null && dueOn < dayOf(about.now);
  return [
    text(`${literal(work, workKept)} · `),
    ...(dueOn === null ? [text('no day set')] : late ? [strong(`was due ${dueOn}`)] : [text(`due ${dueOn}`)]),
    text(' · '),
    ...named(incident, about),
  ];
}
