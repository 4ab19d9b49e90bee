import type { CommandBodies } from '../commands.js';
import { type Context, type Decision, event } from '../context.js';
import type { IncidentEvent } from '../events.js';
import { handOf } from '../hand.js';
import { type Actor, type Incident, isRefusal, refuse } from '../state.js';
import { after, brings, lastEnded, otherwiseAfter } from '../way.js';
import { asksApprovals, unapproved } from './approve.js';
import { type InHand, inHand, noPlaybook, notStarted } from './in-hand.js';
import { mayNotSkip, settle } from './required.js';
import { answersOf } from './values.js';

/** As an event says it. */
export const broughtIn = ([next, ...also]: readonly number[]): { next: number | null; also?: number[] } => ({
  next: next ?? null,
  ...(also.length > 0 && { also }),
});

export function next(state: Incident): Decision {
  const { walk } = state;
  if (!walk) return noPlaybook;
  if (walk.steps.length === 0) return refuse('no-steps', `${walk.title} has no steps to walk.`);
  if (walk.startedAt !== null) return [];
  const [index = 0, ...also] = brings(walk, 0, null);
  return [event('walkStarted', { index, ...(also.length > 0 && { also }) }), ...asksApprovals(walk, [index, ...also])];
}

export function done(state: Incident, command: CommandBodies['done'], context: Context, actor: Actor): Decision {
  const at = inHand(state, context, command);
  if (isRefusal(at)) return settle(state, command, 'done', command.evidence, actor) ?? at;
  if (at.walk.steps[at.index]?.check) return answered(state, at, true, command.evidence);
  const not = unapproved(state, at.walk, at.index);
  if (not) return not;
  const answers = answersOf(at.playbook.steps[at.index]?.ask ?? [], command.evidence, at.walk.answers);
  if (isRefusal(answers)) return answers;
  const next = after(at.walk, at.index);
  return [
    event('stepDone', { index: at.index, ...broughtIn(next), evidence: command.evidence, answers }),
    ...asksApprovals(at.walk, next),
  ];
}

export function skip(state: Incident, command: CommandBodies['skip'], context: Context, actor: Actor): Decision {
  const at = inHand(state, context, command);
  if (isRefusal(at)) return settle(state, command, 'skipped', command.reason, actor) ?? at;
  const required = at.walk.steps[at.index]?.required;
  const not = required ? mayNotSkip(state, at.index, actor) : null;
  if (not) return not;
  const next = after(at.walk, at.index);
  return [
    event('stepSkipped', {
      index: at.index,
      ...broughtIn(next),
      reason: command.reason,
      ...(required && { required }),
    }),
    ...asksApprovals(at.walk, next),
  ];
}

export function fail(state: Incident, command: CommandBodies['fail'], context: Context): Decision {
  const at = inHand(state, context, command);
  if (isRefusal(at)) return at;
  if (at.walk.steps[at.index]?.check) return answered(state, at, false, command.what);
  const goto = at.playbook.steps[at.index]?.goto ?? null;
  const next = otherwiseAfter(at.walk, at.index, goto);
  return [
    event('stepFailed', { index: at.index, ...broughtIn(next), what: command.what, branch: goto !== null }),
    ...asksApprovals(at.walk, next),
  ];
}

export function answerCheck(state: Incident, command: CommandBodies['answerCheck'], context: Context): Decision {
  const at = inHand(state, context, command);
  if (isRefusal(at)) return at;
  if (at.walk.steps[at.index]?.check) return answered(state, at, command.yes, command.said);
  return refuse(
    'no-question',
    `Step ${at.index + 1} is not a question. Report it with /incident done, or with /incident fail <what happened>.`,
  );
}

function answered(state: Incident, { walk, playbook, index }: InHand, yes: boolean, said: string | null): Decision {
  const not = unapproved(state, walk, index);
  if (not) return not;
  const step = playbook.steps[index];
  const answer = step?.check?.[yes ? 'yes' : 'no'] ?? (yes ? 'Yes' : 'No');
  const next = yes ? after(walk, index) : otherwiseAfter(walk, index, step?.goto ?? null);
  const events: IncidentEvent[] = [event('checkAnswered', { index, ...broughtIn(next), yes, answer, said })];
  return [...events, ...asksApprovals(walk, next)];
}

export function back(state: Incident): Decision {
  const { walk } = state;
  if (!walk) return noPlaybook;
  if (walk.startedAt === null) return notStarted(walk);
  const to = lastEnded(walk);
  if (to === null)
    return refuse('first-step', 'This is the first step; there is none before it. /incident next shows it.');
  const hand = handOf(walk);
  const { led } = walk.steps[to] ?? {};
  const leaves = led?.find((index) => hand.includes(index));
  const index = leaves ?? (led && hand.length === 0 ? walk.steps.length : to);
  return [event('steppedBack', { index, to }), ...(led ? asksApprovals(walk, [to]) : [])];
}
