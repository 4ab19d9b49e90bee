import type { EventType, TimelineEvent } from './events.js';
import { openTasks } from './given-tasks.js';
import { alone, hereOf } from './here.js';
import { type Incident, isDeclared, isOpen } from './state.js';
import type { Timer } from './timers.js';

/**
 * What Muster asks of people, the most pressing first. The names of those that have a timer are the timer's. `command`
 * is asked by the card alone.
 */
export const nudgeKinds = [
  'acknowledge',
  'command',
  'warn',
  'ask-update',
  'step',
  'task',
  'status',
  'severity',
  'propose-handover',
  'long',
] as const;
export type NudgeKind = (typeof nudgeKinds)[number];

/** The last thing that was asked. `mark`: what it was about, so that an answer shows. */
export interface Nudge {
  kind: NudgeKind;
  at: number;
  until: number;
  mark: string;
}

/** A question is open for so long; then the next may come. */
export const nudgeForMs = 5 * 60_000;

const opens: Partial<Record<EventType, NudgeKind>> = {
  acknowledgeMissed: 'acknowledge',
  updateWarned: 'warn',
  updateAsked: 'ask-update',
  stepOverdue: 'step',
  taskOverdue: 'task',
  statusProposed: 'status',
  severityProposed: 'severity',
  handoverProposed: 'propose-handover',
  longProposed: 'long',
};

/** Changes when somebody has answered. */
const marks: Record<NudgeKind, (incident: Incident) => unknown> = {
  acknowledge: ({ acknowledgedAt }) => acknowledgedAt,
  command: ({ roles }) => roles.commander,
  warn: ({ updates }) => updates.count,
  'ask-update': ({ updates }) => updates.count,
  step: ({ walk }) =>
    walk && [walk.playbookId, walk.current, walk.asked, walk.dueAt, walk.steps[walk.current ?? 0]?.assignee],
  task: (incident) => openTasks(incident).map(({ id, dueAt, asked }) => [id, dueAt, asked]),
  status: ({ statusProposal, status }) => [statusProposal?.status, status],
  severity: ({ severityProposal, severity }) => [severityProposal?.severity, severity],
  'propose-handover': ({ handover, watch }) => [handover?.offeredAt, watch?.since],
  long: ({ updates }) => updates.longSince,
};
const markOf = (kind: NudgeKind, incident: Incident): string => JSON.stringify(marks[kind](incident) ?? null);

/** What is asked after this event: the newest question, until it is answered. */
export function nudgeAfter(incident: Incident, { type, at }: TimelineEvent): Nudge | null {
  if (!isDeclared(incident) || !isOpen(incident)) return null;
  const kind = opens[type];
  if (kind) return { kind, at, until: at + nudgeForMs, mark: markOf(kind, incident) };
  const { nudge = null } = incident;
  return nudge && nudge.mark === markOf(nudge.kind, incident) ? nudge : null;
}

/** The question that waits for an answer at this instant. */
export const openNudge = ({ nudge }: Pick<Incident, 'nudge'>, at: number): Nudge | null =>
  nudge && nudge.at <= at && at < nudge.until ? nudge : null;

/** These wait for their turn, the most pressing first; a promise and a page do not. */
const waitTheirTurn: Readonly<Record<string, NudgeKind>> = {
  askUpdate: 'ask-update',
  checkStep: 'step',
  checkTask: 'task',
  proposeHandover: 'propose-handover',
  proposeLong: 'long',
};
const waits = (command: string): boolean => Object.hasOwn(waitTheirTurn, command);
const goFirst: readonly string[] = ['warn'];

/** Somebody who is alone is asked one thing at a time: what presses less waits until that is answered, or its time over. */
export function inTurn(incident: Incident, timers: readonly Timer[]): Timer[] {
  if (alone(incident) === null) return [...timers];
  const { nudge = null } = incident;
  const taken = timers.filter((timer) => goFirst.includes(timer.for)).map(({ dueAt }) => dueAt);
  const moved = new Map<Timer, number>();
  for (const command of Object.keys(waitTheirTurn))
    for (const timer of timers.filter((each) => each.command.type === command)) {
      // What has not been asked by then waits for the answer, or for as long as a question is open.
      const dueAt = freeAfter(Math.max(timer.dueAt, nudge?.until ?? 0), taken);
      taken.push(dueAt);
      moved.set(timer, dueAt);
    }
  return timers.map((timer) => ({ ...timer, dueAt: moved.get(timer) ?? timer.dueAt }));
}

/** The first instant from here on with no other question within the time one is open. */
function freeAfter(from: number, taken: readonly number[]): number {
  let at = from;
  for (const each of [...taken].sort((a, b) => a - b)) if (Math.abs(each - at) < nudgeForMs) at = each + nudgeForMs;
  return at;
}

/** Whether this has to wait: its timer stands for the time when it may come. */
export const mustWait = (incident: Incident, command: string, at: number): boolean =>
  waits(command) && alone(incident) !== null && openNudge(incident, at) !== null;

export interface NextNudge {
  kind: NudgeKind;
  /** It has been asked, and waits for an answer. */
  open: boolean;
  /** When it is asked, or was. */
  at: number;
}

/** What matters next, and what is asked then; null: nothing waits for anybody. */
export function nextNudge(incident: Incident, timers: readonly Timer[], now: number): NextNudge | null {
  if (!isDeclared(incident) || !isOpen(incident)) return null;
  const open = openNudge(incident, now);
  if (open) return { kind: open.kind, open: true, at: open.at };
  if (incident.acknowledgedAt === null)
    return { kind: 'acknowledge', open: false, at: incident.acknowledgeDueAt ?? now };
  if (incident.roles.commander === undefined && hereOf(incident).length > 0)
    return { kind: 'command', open: false, at: now };
  const [first] = inTurn(incident, timers)
    .flatMap((timer) => {
      const kind = waitTheirTurn[timer.command.type] ?? nudgeKinds.find((each) => each === timer.for);
      return kind && timer.dueAt >= now ? [{ kind, open: false, at: timer.dueAt }] : [];
    })
    .sort((a, b) => a.at - b.at);
  return first ?? null;
}
