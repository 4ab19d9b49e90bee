import { hearsUpdate } from '../audiences.js';
import { cadence, paceIn, sooner } from '../cadence.js';
import type { CommandBodies } from '../commands.js';
import { type Decision, event } from '../context.js';
import type { IncidentEvent } from '../events.js';
import { type Incident, isOpen, isRefusal, refuse } from '../state.js';
import { same, sameForAll, toldNow } from '../told.js';
import { publish } from './promising.js';

interface Saying {
  decision?: string | null;
  text: string | null;
  automatic: boolean;
  at: number;
  nextAt: number | null;
}

type Posted = Extract<IncidentEvent, { type: 'updatePosted' }>;

/** Muster tells by itself what is on record so often in a row at most, whatever the rules say. */
const automaticAtMost = 2;

/** No promise says how often a person may speak; sooner than this after the last is a revision of it. */
const quietForMs = 20 * 60_000;

/** An update carries what is known at that moment; nothing in it is invented later. */
export function update(state: Incident, { text, automatic, at, nextAt, decision = null }: Saying): Posted {
  // A person's update answers the oldest broken promise; Muster's own answers only the latest.
  const promisedAt = automatic ? state.updates.dueAt : (state.updates.overdueSince ?? state.updates.dueAt);
  const { told, toldSince } = state.updates;
  const now = toldNow(state);
  return event('updatePosted', {
    number: state.updates.count + 1,
    automatic,
    text,
    happened: state.title,
    impact: state.impact && { text: state.impact.text, at: state.impact.at },
    workaround: now.workaround,
    expected: state.expected && { at: state.expected.at, why: state.expected.why },
    doing: now.doing,
    status: state.status,
    severity: state.severity,
    promisedAt,
    lateMs: promisedAt === null ? 0 : Math.max(0, at - promisedAt),
    nextAt,
    unchangedSince: automatic && told !== null && same(told, now) ? toldSince : null,
    revises: automatic || decision !== null ? null : revised(state, at),
    ...(decision !== null && { decision }),
  }) as Posted;
}

/**
 * Stakeholders are called as often as was promised, and when something changes for them. What a person adds in between
 * stands in the place of the last one.
 */
function revised(state: Incident, at: number): number | null {
  const { told, shown } = state.updates;
  if (told === null || shown === null || !sameForAll(told, toldNow(state))) return null;
  return at - shown.at < (cadence(state) ?? quietForMs) ? shown.number : null;
}

/** The clock starts again from now, not from the promise: after an outage one update is owed, not ten. */
const nextPromise = (state: Incident, at: number): number | null => {
  const every = cadence(state);
  return every === null || !isOpen(state) ? null : at + every;
};

/** An audience this update is not for waits on for its own. */
function soonestFor(state: Incident, { body }: Posted, at: number): number | null {
  const waiting = (state.policy.audiences ?? []).flatMap((rule) => {
    const last = state.heard?.[rule.name];
    if (!rule.every || rule.kind === 'public' || !last || hearsUpdate(rule, state, body, at)) return [];
    const pace = paceIn(rule.every, body.status);
    return pace === null || last.at + pace <= at ? [] : [last.at + pace];
  });
  return body.nextAt === null ? null : Math.min(body.nextAt, ...waiting);
}

const posted = (state: Incident, saying: Saying): Posted => {
  const made = update(state, saying);
  return { ...made, body: { ...made.body, nextAt: soonestFor(state, made, saying.at) } };
};

export function postUpdate(state: Incident, command: CommandBodies['postUpdate'], at: number): Decision {
  const { text, nextInMs, decision = null, publish: words } = command;
  const usual = nextPromise(state, at);
  const nextAt = nextInMs === undefined || !isOpen(state) ? usual : sooner(usual, nextInMs, at);
  const told = posted(state, { text, automatic: false, at, nextAt, decision });
  if (!words) return [told];
  const published = publish(state, { ...words, ...(nextInMs !== undefined && { nextInMs }) }, at);
  return isRefusal(published) ? published : [told, ...published];
}

const isPromise = (state: Incident, dueAt: number): boolean => isOpen(state) && state.updates.dueAt === dueAt;

/** After an outage the promise may be past already: then the update itself follows at once and a warning is noise. */
export function warnUpdate(state: Incident, command: CommandBodies['warnUpdate'], at: number): Decision {
  return isPromise(state, command.dueAt) && at < command.dueAt ? [event('updateWarned', { dueAt: command.dueAt })] : [];
}

export function postAutomaticUpdate(
  state: Incident,
  command: CommandBodies['postAutomaticUpdate'],
  at: number,
): Decision {
  if (!isPromise(state, command.dueAt)) return [];
  if (state.updates.automaticInARow >= Math.min(automaticAtMost, state.policy.automaticUpdates))
    return [event('updateMissed', { dueAt: command.dueAt })];
  return [posted(state, { text: null, automatic: true, at, nextAt: nextPromise(state, at) })];
}

export function resolve(state: Incident, command: CommandBodies['resolve'], at: number): Decision {
  if (state.status === 'resolved' || state.status === 'closed')
    return refuse(
      'already-resolved',
      `This incident is ${state.status} already. /incident status shows where it stands.`,
    );
  const after = { ...state, status: 'resolved' as const };
  return [
    event('resolved', { summary: command.summary, updateDueAt: null }),
    update(after, { text: command.summary, automatic: command.summary === null, at, nextAt: null }),
  ];
}
