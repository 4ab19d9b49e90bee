import { waiting } from '../incident/approvals.js';
import type { TimelineEvent } from '../incident/events.js';
import { openTasks } from '../incident/given-tasks.js';
import { roles as allRoles, type Incident, isOpen, type Role } from '../incident/state.js';
import { stillAhead } from '../incident/way.js';
import { literal } from './literal.js';
import { formatTime } from './zones.js';

interface About {
  names: ReadonlyMap<string, string>;
  now: number;
  /** What is handed over; null: all that whoever hands over has. */
  roles: Role[] | null;
}

const textKept = 160;
const each = 3;
const notToDo = /^(?:do not|don['\u2019]?t|never|must not|not to do)\b[:,]?\s*/i;
const suspicion =
  /^(?:hypothesis|theory|suspicion|suspect(?:ed)?|we suspect|i suspect|guess|maybe|perhaps|possibly|cause could be)\b[:,]?\s*/i;

/** Notes that begin like this, the newest last, without how they begin. */
function notes(events: readonly TimelineEvent[], begins: RegExp): string[] {
  const all = events.flatMap((event) => (event.type === 'noted' && !event.redacted ? [event.body.text.trim()] : []));
  return all.filter((text) => begins.test(text)).map((text) => text.replace(begins, ''));
}

const cut = (text: string): string => literal(text, textKept).replace(/[.\s]+$/, '');
const sentence = (label: string, parts: readonly string[]): string[] =>
  parts.length === 0 ? [] : [`${label}: ${parts.join(' \u00b7 ')}.`];

/**
 * What whoever takes over has to know, from the ledger alone: one line for each thing, most pressing first. Literal text;
 * whoever hands over may change it before it is sent.
 */
export function handoverNote(incident: Incident, events: readonly TimelineEvent[], { names, now }: About): string {
  const name = (personId: string): string => literal(names.get(personId) ?? personId, 60);
  const { impact, workaround, expected, alerts, updates } = incident;
  const state = [
    `${incident.severity}, ${incident.status}`,
    ...(impact ? [`impact: ${cut(impact.text)}`] : ['impact not stated yet']),
    ...(workaround ? [`workaround: ${cut(workaround.text)}`] : []),
    ...(expected?.at ? [`expected back at ${formatTime(expected.at)}`] : []),
    ...(alerts.total > 0 ? [`${alerts.firing} of ${alerts.total} alerts firing`] : []),
  ];
  const told = [
    ...(updates.dueAt === null ? [] : [`next update due at ${formatTime(updates.dueAt)}`]),
    ...(updates.overdueSince === null ? [] : [`a person’s update is owed since ${formatTime(updates.overdueSince)}`]),
    ...(updates.lastHumanAt === null
      ? ['no person has posted an update yet']
      : [`last word of a person at ${formatTime(updates.lastHumanAt)}`]),
    ...((incident.audiences ?? []).length > 0 ? [`told: ${(incident.audiences ?? []).slice(0, 5).join(', ')}`] : []),
  ];
  const held = allRoles.flatMap((role) => {
    const who = incident.roles[role];
    return who === undefined || role === 'commander' ? [] : [`${role} ${name(who)}`];
  });
  const { walk } = incident;
  const inHand = walk && walk.current !== null ? walk.steps[walk.current] : undefined;
  return [
    ...sentence('State', state),
    ...sentence('Do not', notes(events, notToDo).slice(-5).map(cut)),
    ...sentence('Suspected', notes(events, suspicion).slice(-each).map(cut)),
    ...sentence(
      'Running',
      [
        ...openTasks(incident).map(
          (task) =>
            `${name(task.personId)}: ${cut(task.text)}, ${task.dueAt < now ? 'overdue since' : 'back by'} ${formatTime(task.dueAt)}`,
        ),
        ...(inHand && walk && isOpen(incident)
          ? [
              `step ${(walk.current ?? 0) + 1} of ${walk.steps.length}, ${cut(inHand.title)}${walk.dueAt === null ? '' : `, until ${formatTime(walk.dueAt)}`}`,
            ]
          : []),
      ].slice(0, 6),
    ),
    ...sentence('Waits for approval', [
      ...waiting(incident)
        .slice(0, each)
        .map(({ what }) => cut(what)),
    ]),
    ...sentence('Steps still ahead', steps(incident)),
    ...sentence('Updates', told),
    ...sentence('Roles', held),
  ].join('\n');
}

function steps({ walk }: Incident): string[] {
  const ahead = stillAhead(walk).filter((index) => index !== walk?.current);
  const titles = ahead.slice(0, each).flatMap((index) => walk?.steps[index]?.title ?? []);
  return [...titles.map(cut), ...(ahead.length > each ? [`and ${ahead.length - each} more`] : [])];
}
