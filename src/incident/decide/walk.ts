import type { CommandBodies, PlaybookChoice } from '../commands.js';
import { type Context, type Decision, event, type WalkablePlaybook } from '../context.js';
import type { IncidentEvent } from '../events.js';
import { type Incident, isRefusal, type Refusal, refuse, type Walk } from '../state.js';
import { after, lastEnded } from '../way.js';

/** An unknown hash attaches nothing: an alert must open its incident even when the playbook has just been taken away. */
export function attachPlaybook(choice: PlaybookChoice, context: Context): IncidentEvent[] {
  const playbook = context.playbook(choice.hash);
  if (!playbook) return [];
  return [
    event('playbookAttached', {
      hash: choice.hash,
      playbookId: playbook.playbookId,
      title: playbook.title,
      reason: choice.reason,
      steps: playbook.steps.map(({ title, phase, role, thenTo }) => ({ title, phase, role, thenTo })),
    }),
  ];
}

export function choosePlaybook(state: Incident, command: CommandBodies['attachPlaybook'], context: Context): Decision {
  const { walk } = state;
  if (walk && walk.startedAt !== null) {
    const stands = walk.current === null ? 'walked to its end' : `being walked, at step ${walk.current + 1}`;
    const instead = walk.current === null ? '/incident back returns to its last step' : '/incident next shows the step';
    return refuse('walk-started', `${walk.title} is ${stands}, so no other can take its place. ${instead}.`);
  }
  const events = attachPlaybook(command, context);
  return events.length > 0 ? events : refuse('unknown-playbook', 'That playbook is not there any more.');
}

interface InHand {
  walk: Walk;
  playbook: WalkablePlaybook;
  index: number;
}

const noPlaybook = refuse(
  'no-playbook',
  'This incident has no playbook. Choose one with /incident playbook, or say what you do with /incident note.',
);

const became = { open: 'still ahead', done: 'done', skipped: 'skipped', failed: 'failed', passed: 'passed over' };

function inHand(state: Incident, context: Context, meant: number | undefined): InHand | Refusal {
  const { walk } = state;
  if (!walk) return noPlaybook;
  const playbook = context.playbook(walk.hash);
  if (!playbook) return refuse('playbook-lost', `The text of ${walk.title} cannot be read. Tell whoever runs Muster.`);
  if (walk.current !== null) {
    if (meant === undefined || meant === walk.current) return { walk, playbook, index: walk.current };
    const then = became[walk.steps[meant]?.state ?? 'open'];
    const now = `Step ${walk.current + 1} is in hand: ${walk.steps[walk.current]?.title}.`;
    return refuse('other-step', `Step ${meant + 1} is ${then}. ${now} /incident next shows it.`);
  }
  return walk.startedAt === null
    ? refuse('walk-not-started', `${walk.title} has not been started. Start it with /incident next.`)
    : refuse(
        'walk-finished',
        `${walk.title} is walked to its end. /incident back returns to the step before; /incident resolve ends the incident.`,
      );
}

/** What failed without a branch is followed by the next on the page: `Then` says what follows when it went well. */
const below = (walk: Walk, index: number): number | null => (index + 1 < walk.steps.length ? index + 1 : null);

export function next(state: Incident): Decision {
  if (!state.walk) return noPlaybook;
  if (state.walk.steps.length === 0) return refuse('no-steps', `${state.walk.title} has no steps to walk.`);
  return state.walk.startedAt === null ? [event('walkStarted', { index: 0 })] : [];
}

export function done(state: Incident, command: CommandBodies['done'], context: Context): Decision {
  const at = inHand(state, context, command.step);
  if (isRefusal(at)) return at;
  const answers = answersOf(at.playbook.steps[at.index]?.ask ?? [], command.evidence);
  if (isRefusal(answers)) return answers;
  return [event('stepDone', { index: at.index, next: after(at.walk, at.index), evidence: command.evidence, answers })];
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
    return refuse('answer-needed', `${wanted} Missing: ${missing.map((name) => `${name}=…`).join(' ')}`);
  return Object.fromEntries(ask.map((name) => [name, pairs.get(name) as string]));
}

export function skip(state: Incident, command: CommandBodies['skip'], context: Context): Decision {
  const at = inHand(state, context, command.step);
  if (isRefusal(at)) return at;
  return [event('stepSkipped', { index: at.index, next: after(at.walk, at.index), reason: command.reason })];
}

export function fail(state: Incident, command: CommandBodies['fail'], context: Context): Decision {
  const at = inHand(state, context, command.step);
  if (isRefusal(at)) return at;
  const goto = at.playbook.steps[at.index]?.goto ?? null;
  return [
    event('stepFailed', {
      index: at.index,
      next: goto ?? below(at.walk, at.index),
      what: command.what,
      branch: goto !== null,
    }),
  ];
}

export function back(state: Incident): Decision {
  const { walk } = state;
  if (!walk) return noPlaybook;
  if (walk.startedAt === null)
    return refuse('walk-not-started', `${walk.title} has not been started. Start it with /incident next.`);
  const to = lastEnded(walk);
  if (to === null)
    return refuse('first-step', 'This is the first step; there is none before it. /incident next shows it.');
  return [event('steppedBack', { index: walk.current ?? walk.steps.length, to })];
}
