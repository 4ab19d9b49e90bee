import { cadence, longCadence, sooner } from '../cadence.js';
import type { CommandBodies } from '../commands.js';
import { type Decision, event } from '../context.js';
import { policyDifferences } from '../policy-difference.js';
import { type Incident, isOpen, refuse } from '../state.js';

/** The impact changes what a long incident is: the usual cadence holds again. */
export function stateImpact(state: Incident, command: CommandBodies['stateImpact'], at: number): Decision {
  const { text } = command;
  if (state.updates.longSince === null || !isOpen(state)) return [event('impactStated', { text })];
  const usual = state.policy.severities[state.severity].updateEveryMs;
  return [event('impactStated', { text, updateDueAt: sooner(state.updates.dueAt, usual, at) })];
}

export function stateWorkaround(state: Incident, command: CommandBodies['stateWorkaround']): Decision {
  if (command.text === null && state.workaround === null)
    return refuse('unchanged', 'No workaround is stated. State one: /incident workaround <what people can do>');
  return [event('workaroundStated', { text: command.text })];
}

export function expectReturn(state: Incident, command: CommandBodies['expectReturn'], at: number): Decision {
  const { backAt, why } = command;
  if (backAt !== null && backAt <= at)
    return refuse(
      'past',
      'That time is over. Say a time to come: /incident expect 2h <why>, or /incident expect unknown',
    );
  if (backAt === null && why === null && state.expected === null)
    return refuse('unchanged', 'No time is stated. State one: /incident expect 14:30 <why>');
  return [event('returnExpected', { at: backAt, why })];
}

/** From a due job; an older time means that somebody has spoken, or that it was asked for already. */
export function askUpdate(state: Incident, command: CommandBodies['askUpdate']): Decision {
  return isOpen(state) && state.updates.askAt === command.dueAt
    ? [event('updateAsked', { changed: state.updates.changed })]
    : [];
}

/** Proposed, never done: only people know whether it will be long. */
export function proposeLong(state: Incident, command: CommandBodies['proposeLong'], at: number): Decision {
  const everyMs = cadence(state);
  // As rare already as it would become: then there is only the rest to speak of.
  const longEveryMs = cadence({ ...state, updates: { ...state.updates, longSince: at } });
  if (!isOpen(state) || state.updates.longAskAt !== command.dueAt || everyMs === null || longEveryMs === null)
    return [];
  return [event('longProposed', { everyMs, longEveryMs, openForMs: Math.max(0, at - (state.declaredAt ?? at)) })];
}

/** The promise in hand is kept; from then on updates come more rarely. */
export function startLong(state: Incident, at: number): Decision {
  if (!isOpen(state))
    return refuse('ended', `This incident is ${state.status}. To go on with it: /incident reopen <reason>`);
  if (state.updates.longSince !== null) return refuse('unchanged', 'This is a long incident already.');
  const longEveryMs = longCadence(state, state.severity);
  if (longEveryMs === null) {
    const why = `A ${state.severity} promises no updates, or none that could be rarer`;
    return refuse('no-cadence', `${why}, so there is nothing to stretch.`);
  }
  const after = state.policy.longAfterMs ?? null;
  const openForMs = at - (state.declaredAt ?? at);
  if (after !== null && openForMs < after) {
    const minutes = (ms: number): number => Math.floor(ms / 60_000);
    return refuse(
      'too-soon',
      `It is open for ${minutes(openForMs)} min; updates become rarer after ${minutes(after)} min at the earliest. Until then people count on the usual ones: /incident update <text>`,
    );
  }
  return [event('longStarted', { everyMs: longEveryMs, updateDueAt: state.updates.dueAt ?? at + longEveryMs })];
}

export function endLong(state: Incident, at: number): Decision {
  if (state.updates.longSince === null) return refuse('unchanged', 'Updates come as often as usual already.');
  const usual = state.policy.severities[state.severity].updateEveryMs;
  return [event('longEnded', { everyMs: usual ?? 0, updateDueAt: sooner(state.updates.dueAt, usual, at) })];
}

/** The chat platforms stay: the channels of the incident are there. A promise is never put off. */
export function adoptPolicy(state: Incident, command: CommandBodies['adoptPolicy'], at: number): Decision {
  const policy = { ...command.policy, platforms: state.policy.platforms };
  if (policyDifferences(state.policy, policy).length === 0)
    return refuse('unchanged', 'This incident has the rules of today already. /incident policy shows them.');
  const every = cadence({ ...state, policy });
  const promises = isOpen(state) && state.number !== null;
  return [
    event('policyAdopted', {
      policy,
      updateDueAt: promises ? sooner(state.updates.dueAt, every, at) : state.updates.dueAt,
    }),
  ];
}
