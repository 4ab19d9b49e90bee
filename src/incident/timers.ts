import type { Command } from './commands.js';
import type { JobChange } from './jobs.js';
import { stormTimers } from './noise.js';
import { inTurn } from './nudges.js';
import { queueTimers } from './queue.js';
import type { Incident } from './state.js';
import { approvalTimers } from './timers/approvals.js';
import { escalationTimers } from './timers/escalation.js';
import { handoverTimers } from './timers/handover.js';
import { acknowledgeTimers, updateTimers } from './timers/lead.js';
import { promisingTimers } from './timers/promising.js';
import { taskTimers } from './timers/tasks.js';
import { stepTimers } from './timers/walk.js';

/** Something that is asked of the incident when its time comes. */
export interface Timer {
  /** What it is for; one of a kind per incident. Its job is `<for>/<incident>`. */
  for: string;
  dueAt: number;
  command: Command;
  /** Over once it has been asked, though the row still says so. Others are pending for as long as the row has them. */
  once?: true;
}

/** Timers of one topic; the row alone says which there are. A topic keeps its own beside its code. */
export type TimersOf = (incident: Incident) => Timer[];

const topics: readonly TimersOf[] = [
  escalationTimers,
  acknowledgeTimers,
  updateTimers,
  promisingTimers,
  stepTimers,
  approvalTimers,
  taskTimers,
  handoverTimers,
  queueTimers,
  stormTimers,
];

/** Every timer an incident has as it stands. */
export const timersOf: TimersOf = (incident) =>
  inTurn(
    incident,
    topics.flatMap((topic) => topic(incident)),
  );

export const timerKey = (incident: Pick<Incident, 'id'>, timer: Pick<Timer, 'for'>): string =>
  `${timer.for}/${incident.id}`;

/** The job of a timer. */
export const timerJob = (incident: Pick<Incident, 'id'>, timer: Timer): JobChange => ({
  put: {
    key: timerKey(incident, timer),
    lane: null,
    dueAt: timer.dueAt,
    task: { kind: 'ask', incidentId: incident.id, command: timer.command },
  },
});

/** A timer moves with the row; derived from the difference, so no event can forget one. */
export function timerChanges(before: Incident | null, after: Incident): JobChange[] {
  const was = new Map((before ? timersOf(before) : []).map((timer) => [timer.for, timer]));
  const is = timersOf(after);
  const kept = new Set(is.map((timer) => timer.for));
  return [
    ...[...was.keys()].filter((each) => !kept.has(each)).map((each) => ({ drop: `${each}/${after.id}` })),
    ...is.filter((timer) => isOther(was.get(timer.for), timer)).map((timer) => timerJob(after, timer)),
  ];
}

/** One that is asked once is told from another by what it asks: another time for the same would ask a second time. */
const isOther = (was: Timer | undefined, timer: Timer): boolean =>
  was === undefined ||
  (was.dueAt !== timer.dueAt && !timer.once) ||
  JSON.stringify(was.command) !== JSON.stringify(timer.command);
