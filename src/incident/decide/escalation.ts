import type { Asked } from '../commands.js';
import { type Context, type Decision, type Decisions, event } from '../context.js';
import {
  type EscalationCommands,
  type EscalationEvents,
  idleDueAt,
  isAcknowledged,
  type PagedWhy,
  pagingOf,
} from '../escalation.js';
import type { IncidentEvent } from '../events.js';
import { foreseen } from '../evolve.js';
import { nextRung, type Rung } from '../ladder.js';
import { outcomeOf } from '../pages.js';
import { type Actor, graver, type Incident, isDeclared, isOpen, refuse } from '../state.js';

type Given = Pick<Asked, 'actor' | 'at'> & { context: Context };
type Paged = EscalationEvents['paged'];

/** How long somebody called by name has where the severity sets no time. */
const answerWithinMs = 5 * 60_000;
/** So often the channel is asked where nobody is named to call, each time after twice the pause. */
const askedAtMost = 6;

const personOf = (actor: Actor): string | null => (actor.kind === 'person' ? actor.personId : null);
const within = ({ policy, severity }: Incident): number =>
  policy.severities[severity].acknowledgeWithinMs ?? answerWithinMs;

const pagedRung = (rung: Rung, why: PagedWhy, more: Partial<Paged>): IncidentEvent =>
  event('paged', {
    why,
    escalation: rung.escalation.name,
    level: rung.level,
    levels: rung.escalation.levels.length,
    round: rung.round,
    rounds: rung.escalation.repeat + 1,
    people: rung.people,
    nobody: rung.nobody,
    reason: null,
    acknowledgeDueAt: null,
    answerDueAt: null,
    ...more,
  });

const dueAfter = ({ withinMs }: Rung, at: number): number | null => (withinMs === null ? null : at + withinMs);

export const escalationDecisions = {
  acknowledge: ['declared', (state, _command, { actor }) => acknowledge(state, actor)],
  missAcknowledge: ['declared', (state, command, given) => missAcknowledge(state, command, given)],
  lapseAcknowledgement: ['declared', (state, command, given) => lapse(state, command, given)],
  page: ['live', (state, command, given) => page(state, command, given)],
  escalate: ['live', (state, command, given) => escalate(state, command, given)],
  missAnswer: ['declared', (state, command) => missAnswer(state, command)],
} satisfies Decisions<keyof EscalationCommands | 'acknowledge'>;

/** Whoever was called by name answers that, also when another has acknowledged long before. */
function acknowledge(state: Incident, actor: Actor): Decision {
  if (!isOpen(state)) {
    if (state.acknowledgedAt !== null)
      return refuse('already-acknowledged', 'Somebody has acknowledged this incident already. To help: /incident join');
    return refuse('ended', `This incident is ${state.status}. To go on with it: /incident reopen <reason>`);
  }
  if (state.acknowledgedAt === null) return [event('acknowledged', {})];
  if (!isAcknowledged(state)) return [event('acknowledged', { again: true })];
  const me = personOf(actor);
  if (pagingOf(state).ringing.some(({ personId }) => personId === me)) return [event('pageAnswered', {})];
  return refuse('already-acknowledged', 'Somebody has acknowledged this incident already. To help: /incident join');
}

/**
 * The next level is called; after the last the first again, with pauses twice as long, so that chasing does not become
 * noise; and there is a last one, which is said aloud. Where nobody is named the channel is asked, as often and as seldom.
 */
function missAcknowledge(
  state: Incident,
  command: EscalationCommands['missAcknowledge'],
  { context, at }: Given,
): Decision {
  if (!isOpen(state) || isAcknowledged(state) || state.acknowledgeDueAt !== command.dueAt) return [];
  const lapsed = pagingOf(state).lapsedAt !== null;
  const missed = (nextDueAt: number | null, next: 'called' | 'asked' | 'over'): IncidentEvent =>
    event('acknowledgeMissed', { dueAt: command.dueAt, nextDueAt, next, ...(lapsed && { again: true as const }) });
  const rung = nextRung(state, context.onCall, at);
  // Nobody may be called of what is private, and nobody is missed.
  if (rung && rung.people.length + rung.nobody.length > 0) {
    const nextDueAt = dueAfter(rung, at);
    return [
      missed(nextDueAt, 'called'),
      pagedRung(rung, lapsed ? 'idle' : 'missed', { acknowledgeDueAt: nextDueAt, dueAt: command.dueAt }),
    ];
  }
  const { level } = pagingOf(state);
  const usual = state.policy.severities[state.severity].acknowledgeWithinMs;
  const misses = state.acknowledgeMisses + 1;
  if (level > 0 || lapsed || usual === null || misses >= askedAtMost) return [missed(null, 'over')];
  return [missed(at + usual * 2 ** misses, 'asked')];
}

/** Whoever leads it, or acknowledged it, is asked first; the ladder comes when they do not answer. */
function lapse(
  state: Incident,
  command: EscalationCommands['lapseAcknowledgement'],
  { context, actor, at }: Given,
): Decision {
  if (idleDueAt(state) !== command.dueAt) return [];
  const { roles, acknowledgedBy, acknowledgedAt } = state;
  const personId = roles.commander ?? acknowledgedBy;
  const idleSinceAt = pagingOf(state).activeAt ?? acknowledgedAt ?? at;
  const lapsed = event('acknowledgementLapsed', { personId, idleSinceAt });
  if (personId !== null) {
    const because = `${roles.commander === undefined ? 'on it' : 'commander'}, and nobody has done anything for a while`;
    return [lapsed, paged('idle', [{ personId, because }], { acknowledgeDueAt: at + within(state) })];
  }
  const rung = nextRung(foreseen(state, [lapsed], { actor, at }) ?? state, context.onCall, at);
  return rung ? [lapsed, pagedRung(rung, 'idle', { acknowledgeDueAt: dueAfter(rung, at) })] : [lapsed];
}

const paged = (why: PagedWhy, people: Paged['people'], more: Partial<Paged>): IncidentEvent =>
  event('paged', {
    why,
    people,
    ...{ escalation: null, level: 0, levels: 0, round: 0, rounds: 0, nobody: [] },
    ...{ reason: null, acknowledgeDueAt: null, answerDueAt: null },
    ...more,
  });

function page(state: Incident, command: EscalationCommands['page'], { actor, at }: Given): Decision {
  const me = personOf(actor);
  const named = new Map(command.people.map((each) => [each.personId, each]));
  const people = [...named.values()].filter(({ personId }) => personId !== me);
  if (people.length === 0)
    return refuse('nobody-to-page', 'You are here already. Name somebody else: /incident page @who');
  if (!isOpen(state))
    return refuse('ended', `This incident is ${state.status}. Reopen it first: /incident reopen <reason>`);
  return [
    paged('asked', people, {
      reason: command.reason,
      acknowledgeDueAt: state.acknowledgeDueAt,
      answerDueAt: at + within(state),
    }),
  ];
}

function escalate(state: Incident, command: EscalationCommands['escalate'], { context, at }: Given): Decision {
  if (!isOpen(state))
    return refuse('ended', `This incident is ${state.status}. Reopen it first: /incident reopen <reason>`);
  const rung = nextRung(state, context.onCall, at);
  if (!rung || rung.people.length === 0) {
    const why = rung?.nobody[0];
    const what = pagingOf(state).level > 0 ? 'Everybody who is named has been called' : 'Nobody is named to be called';
    return refuse(
      'nobody-to-page',
      `${why ? `Nobody can be called: ${why}` : what}. Call somebody: /incident page @who`,
    );
  }
  const due = dueAfter(rung, at);
  // Of what has cleared by itself nobody is chased; whoever is called all the same should answer.
  const open = state.acknowledgedAt === null && state.alerts.firing > 0;
  return [
    pagedRung(rung, 'asked', {
      reason: command.reason,
      acknowledgeDueAt: open ? due : null,
      answerDueAt: open ? null : at + within(state),
    }),
  ];
}

/** Said once: whoever asked for them decides what comes next. */
function missAnswer(state: Incident, { dueAt }: EscalationCommands['missAnswer']): Decision {
  const people = pagingOf(state).ringing.filter((each) => each.answerDueAt === dueAt);
  return people.length === 0 ? [] : [event('answerMissed', { people: people.map(({ personId }) => personId), dueAt })];
}

/**
 * Whom events call at once: those of the first level, when it was declared, became graver, or came back. Derived from
 * what the events come to, so that no decision has to think of it. Nobody is called to what they did themselves, and of
 * what a person declared in private nobody is told unasked. When a tier 1 service shows symptoms, those who have been
 * called or have it in hand are called again: they came for something less grave.
 */
export function calledBy(
  before: Incident | null,
  events: readonly IncidentEvent[],
  { context, actor, at }: Given,
): IncidentEvent[] {
  const why = whyCalled(before, events);
  const unreached = events.some(({ type }) => type === 'pageUnreached');
  if (why === null && !unreached) return [];
  const after = foreseen(before, events, { actor, at });
  if (!after || !isDeclared(after) || !isOpen(after)) return [];
  if (why === null) return insteadOfUnreached(after, { context, at });
  const owed = !isAcknowledged(after);
  if (owed && after.alerts.firing === 0) return [];
  const { called, level } = pagingOf(after);
  const anew = why === 'raised' ? { ...after, paging: { ...pagingOf(after), level: 0, round: 0 } } : after;
  if (why !== 'raised' && level > 0) return [];
  const rung = nextRung(anew, context.onCall, at);
  if (!rung || rung.escalation.later) return [];
  const again = why === 'raised' && spreads(events);
  const there = [after.acknowledgedBy, ...Object.values(after.roles), ...called.map((each) => each.personId)];
  const here = [personOf(actor), ...(again ? [] : there)];
  const people = rung.people.filter(({ personId }) => !here.includes(personId));
  if (rung.people.length > 0 && people.length === 0) return [];
  if (people.length === 0 && (rung.nobody.length === 0 || !owed)) return [];
  const due = dueAfter(rung, at);
  // What was promised before it became graver stays promised.
  const promised = why === 'raised' ? (before?.acknowledgeDueAt ?? null) : null;
  const sooner = due === null || promised === null ? (due ?? promised) : Math.min(due, promised);
  const answerDueAt = again && !owed ? at + within(after) : null;
  return [pagedRung({ ...rung, people }, why, { acknowledgeDueAt: owed ? sooner : null, answerDueAt })];
}

const spreads = (events: readonly IncidentEvent[]): boolean =>
  events.some((each) => each.type === 'alertsAttached' && (each.body.symptoms ?? []).some(({ tier }) => tier === 1));

/** Nobody on this level can be reached: the next one need not wait. The last one waits for the next round. */
function insteadOfUnreached(state: Incident, { context, at }: Pick<Given, 'context' | 'at'>): IncidentEvent[] {
  const { ringing, level, levels } = pagingOf(state);
  const waited = ringing.filter(({ answerDueAt }) => answerDueAt === null);
  const lost = waited.every(({ seq, personId }) => outcomeOf(state, seq, personId).unreached);
  if (state.acknowledgeDueAt === null || waited.length === 0 || !lost || level >= levels) return [];
  const rung = nextRung(state, context.onCall, at);
  if (!rung || rung.people.length === 0) return [];
  return [pagedRung(rung, 'unreached', { acknowledgeDueAt: dueAfter(rung, at) })];
}

function whyCalled(before: Incident | null, events: readonly IncidentEvent[]): PagedWhy | null {
  let why: PagedWhy | null = null;
  for (const each of events) {
    if (each.type === 'declared') return 'declared';
    if (each.type === 'reopened') why = 'reopened';
    else if (each.type === 'severityChanged' && graver(each.body.to, each.body.from)) why ??= 'raised';
    else if (each.type === 'alertsAttached' && each.body.acknowledgeDueAt !== null) why ??= 'declared';
  }
  return before === null && why !== 'declared' ? null : why;
}
