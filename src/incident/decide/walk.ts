import type { CommandBodies } from '../commands.js';
import { type Context, type Decision, event } from '../context.js';
import { type Incident, isRefusal, type Refusal, refuse, type Walk } from '../state.js';
import { after, lastEnded } from '../way.js';
import { asksApproval, unapproved } from './approve.js';
import { inHand, noPlaybook, notStarted } from './in-hand.js';

/** What failed without a branch is followed by the next on the page: `Then` says what follows when it went well. */
const below = (walk: Walk, index: number): number | null => (index + 1 < walk.steps.length ? index + 1 : null);

export function next(state: Incident): Decision {
  if (!state.walk) return noPlaybook;
  if (state.walk.steps.length === 0) return refuse('no-steps', `${state.walk.title} has no steps to walk.`);
  return state.walk.startedAt === null ? [event('walkStarted', { index: 0 }), ...asksApproval(state.walk, 0)] : [];
}

export function done(state: Incident, command: CommandBodies['done'], context: Context): Decision {
  const at = inHand(state, context, command);
  if (isRefusal(at)) return at;
  const not = unapproved(state, at.walk, at.index);
  if (not) return not;
  const answers = answersOf(at.playbook.steps[at.index]?.ask ?? [], command.evidence);
  if (isRefusal(answers)) return answers;
  const next = after(at.walk, at.index);
  return [
    event('stepDone', { index: at.index, next, evidence: command.evidence, answers }),
    ...asksApproval(at.walk, next),
  ];
}

/** One name takes the whole text; several are given as `name=value`. */
function answersOf(ask: readonly string[], evidence: string | null): Record<string, string> | Refusal {
  const [only] = ask;
  if (only === undefined) return {};
  const wanted = `This step asks for ${ask.join(', ')}.`;
  if (!evidence)
    return refuse(
      'answer-needed',
      `${wanted} Give it with /incident done ${ask.length > 1 ? ask.map((name) => `${name}=…`).join(' ') : '…'}`,
    );
  if (ask.length === 1) return { [only]: evidence };
  const pairs = new Map(
    evidence.split(/\s+/).flatMap((word) => {
      const cut = word.indexOf('=');
      return cut > 0 ? [[word.slice(0, cut), word.slice(cut + 1)] as const] : [];
    }),
  );
  const missing = ask.filter((name) => !pairs.get(name));
  if (missing.length > 0)
    return refuse(
      'answer-needed',
      `${wanted} Say it again with ${missing.map((name) => `${name}=…`).join(' ')}; other words may stay.`,
    );
  return Object.fromEntries(ask.map((name) => [name, pairs.get(name) as string]));
}

export function skip(state: Incident, command: CommandBodies['skip'], context: Context): Decision {
  const at = inHand(state, context, command);
  if (isRefusal(at)) return at;
  const next = after(at.walk, at.index);
  return [event('stepSkipped', { index: at.index, next, reason: command.reason }), ...asksApproval(at.walk, next)];
}

export function fail(state: Incident, command: CommandBodies['fail'], context: Context): Decision {
  const at = inHand(state, context, command);
  if (isRefusal(at)) return at;
  const goto = at.playbook.steps[at.index]?.goto ?? null;
  const next = goto ?? below(at.walk, at.index);
  return [
    event('stepFailed', { index: at.index, next, what: command.what, branch: goto !== null }),
    ...asksApproval(at.walk, next),
  ];
}

export function back(state: Incident): Decision {
  const { walk } = state;
  if (!walk) return noPlaybook;
  if (walk.startedAt === null) return notStarted(walk);
  const to = lastEnded(walk);
  if (to === null)
    return refuse('first-step', 'This is the first step; there is none before it. /incident next shows it.');
  return [event('steppedBack', { index: walk.current ?? walk.steps.length, to }), ...asksApproval(walk, to)];
}
