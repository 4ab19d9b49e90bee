import { cadence, longCadence, sooner } from '../cadence.js';
import { climbFrom } from '../climb.js';
import type { EventBodies, EventType, TimelineEvent } from '../events.js';
import {
  type Incident,
  isDeclared,
  isOpen,
  type Punctual,
  type Status,
  type UpdateChange,
  type Updates,
} from '../state.js';
import { toldBy } from '../told.js';
import type { Rule } from './walk.js';

/** Several changes within this time ask for one update. */
const askAfterMs = 2 * 60_000;
/** Nobody is asked more often. */
const askAtMostEveryMs = 10 * 60_000;

export const noUpdates: Updates = {
  dueAt: null,
  lastAt: null,
  lastText: null,
  lastHumanAt: null,
  automaticInARow: 0,
  overdueSince: null,
  count: 0,
  told: null,
  toldSince: null,
  lastWords: null,
  shown: null,
  askAt: null,
  askedAt: null,
  changed: [],
  longSince: null,
  longAskAt: null,
};

const over = (status: Status): boolean => status === 'resolved' || status === 'closed';
const personOf = ({ actor }: TimelineEvent): string => (actor.kind === 'person' ? actor.personId : actor.name);

/** What is said to stakeholders, and what an update says besides. */
export const updateRules: {
  [T in
    | 'updatePosted'
    | 'updateWarned'
    | 'updateMissed'
    | 'updateAsked'
    | 'longProposed'
    | 'longStarted'
    | 'longEnded'
    | 'impactStated'
    | 'workaroundStated'
    | 'returnExpected']: Rule<T>;
} = {
  updatePosted: ({ updates }, body, event) => {
    const since = body.unchangedSince ?? null;
    const revises = body.revises ?? null;
    return {
      updates: {
        ...updates,
        dueAt: body.nextAt,
        lastAt: event.at,
        lastText: body.text,
        lastHumanAt: body.automatic ? updates.lastHumanAt : event.at,
        automaticInARow: body.automatic ? updates.automaticInARow + 1 : 0,
        overdueSince: body.automatic && !over(body.status) ? (updates.overdueSince ?? body.promisedAt) : null,
        count: updates.count + 1,
        told: toldBy(body),
        toldSince: since ?? event.at,
        lastWords: body.text ?? (since === null ? null : updates.lastWords),
        shown: revises === null ? { number: body.number, at: event.at } : updates.shown,
        askAt: null,
        changed: [],
        decision: body.automatic && !over(body.status) ? (updates.decision ?? null) : (body.decision ?? null),
        climb:
          body.automatic && !over(body.status) && body.promisedAt !== null
            ? (updates.climb ?? climbFrom(updates.overdueSince ?? body.promisedAt, event.at))
            : null,
        ...(updates.punctuality && { punctuality: punctual(updates.punctuality, body, event.at) }),
      },
    };
  },
  // The warning carries a draft: it asks for the update just as well.
  updateWarned: ({ updates }, _, event) => ({
    updates: { ...updates, askAt: null, changed: [], askedAt: event.at },
  }),
  updateMissed: ({ updates }, body, event) => ({
    updates: {
      ...updates,
      dueAt: null,
      overdueSince: updates.overdueSince ?? body.dueAt,
      climb: updates.climb ?? climbFrom(body.dueAt, event.at),
      ...(updates.punctuality && { punctuality: broken(updates.punctuality) }),
    },
  }),
  updateAsked: ({ updates }, _, event) => ({
    updates: { ...updates, askAt: null, changed: [], askedAt: event.at },
  }),
  longProposed: ({ updates }) => ({ updates: { ...updates, longAskAt: null } }),
  longStarted: ({ updates }, body, event) => ({
    updates: { ...updates, longSince: event.at, longAskAt: null, dueAt: body.updateDueAt },
  }),
  longEnded: (incident, body, event) => ({
    updates: { ...incident.updates, ...usualPace(incident, event), dueAt: body.updateDueAt },
  }),
  impactStated: ({ updates }, body, event) => ({
    impact: { text: body.text, at: event.at, by: personOf(event) },
    ...(body.updateDueAt !== undefined && { updates: { ...updates, dueAt: body.updateDueAt } }),
  }),
  workaroundStated: (_, body, event) => ({
    workaround: body.text === null ? null : { text: body.text, at: event.at, by: personOf(event) },
  }),
  returnExpected: (_, body, event) => ({
    expected:
      body.at === null && body.why === null
        ? null
        : { at: body.at, why: body.why, saidAt: event.at, by: personOf(event) },
  }),
};

const changes: Partial<Record<EventType, UpdateChange>> = {
  statusChanged: 'status',
  reopened: 'status',
  severityChanged: 'severity',
  impactStated: 'impact',
  workaroundStated: 'workaround',
  returnExpected: 'expected',
};
/** After these the usual cadence holds again. */
const dialsBack: ReadonlySet<EventType> = new Set(['severityChanged', 'impactStated', 'reopened']);

/** The usual cadence, and the question whether it is a long incident asked again after its time. */
function usualPace(incident: Incident, { at }: TimelineEvent): Pick<Updates, 'longSince' | 'longAskAt'> {
  const after = incident.policy.longAfterMs ?? null;
  const asks = after !== null && longCadence(incident, incident.severity) !== null;
  return { longSince: null, longAskAt: asks ? at + after : null };
}

/** An update this much after its promised time still counts as on time. ms */
export const onTimeWithinMs = 60_000;

const broken = (was: Punctual): Punctual => ({ ...was, made: was.made + 1, broken: true });

function punctual(was: Punctual, body: EventBodies['updatePosted'], at: number): Punctual {
  const ended = over(body.status);
  if (body.automatic && !ended) return body.promisedAt === null ? was : broken(was);
  const spoken = { ...was, silenceMs: Math.max(was.silenceMs, at - was.since), since: at };
  if (body.automatic) return spoken;
  const asked = body.promisedAt !== null && !was.broken;
  return {
    ...spoken,
    made: was.made + (asked ? 1 : 0),
    kept: was.kept + (asked && body.lateMs <= onTimeWithinMs ? 1 : 0),
    latestMs: Math.max(was.latestMs, body.lateMs),
    broken: false,
  };
}

const nothingPromised: Omit<Punctual, 'since'> = { made: 0, kept: 0, latestMs: 0, silenceMs: 0, broken: false };

/** Whoever waits soonest is promised the next one: another audience, severity or status may bring it nearer. */
export function promisedSooner(before: Incident | null, after: Incident, event: TimelineEvent): Updates {
  const { updates } = after;
  if (!isDeclared(after) || !isOpen(after)) return updates;
  const every = cadence(after);
  const was = before !== null && isDeclared(before) && isOpen(before) ? cadence(before) : null;
  if (every === null || (was !== null && was <= every)) return updates;
  return { ...updates, dueAt: sooner(updates.dueAt, every, event.at) };
}

/** What an event of any type does to the pace of updates. */
export function paced(after: Incident, event: TimelineEvent): Updates {
  const { updates } = after;
  if (!isDeclared(after) || !isOpen(after)) {
    const quiet = updates.askAt === null && updates.longSince === null && updates.longAskAt === null && !updates.climb;
    return quiet ? updates : { ...updates, askAt: null, changed: [], longSince: null, longAskAt: null, climb: null };
  }
  if (event.type === 'declared')
    return { ...updates, ...usualPace(after, event), punctuality: { ...nothingPromised, since: event.at } };
  const change = changes[event.type];
  if (change === undefined) return updates;
  const pace =
    updates.longSince === null && updates.longAskAt !== null && longCadence(after, after.severity) !== null
      ? {}
      : dialsBack.has(event.type)
        ? usualPace(after, event)
        : {};
  const since =
    event.type === 'reopened' && updates.punctuality
      ? { punctuality: { ...updates.punctuality, since: event.at } }
      : {};
  const next = { ...updates, ...pace, ...since };
  // Where nothing is promised and nothing was said, nobody waits to hear.
  if (cadence(after) === null && updates.count === 0) return next;
  return {
    ...next,
    changed: updates.changed.includes(change) ? updates.changed : [...updates.changed, change],
    askAt: updates.askAt ?? Math.max(event.at + askAfterMs, (updates.askedAt ?? 0) + askAtMostEveryMs),
  };
}
