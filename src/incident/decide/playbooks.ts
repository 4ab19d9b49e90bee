import type { PlaybookChoice } from '../commands.js';
import { type Context, type Decision, event, type WalkablePlaybook } from '../context.js';
import type { AttachedStep, IncidentEvent } from '../events.js';
import { handOf } from '../hand.js';
import { type Incident, type Role, refuse, roles, type Walk, walksOf } from '../state.js';
import { asksApprovals } from './approve.js';

const othersOffered = 3;
const roleOf = (word: string | null): Role | null => roles.find((role) => role === word) ?? null;

export const attachedSteps = ({ steps }: WalkablePlaybook): AttachedStep[] =>
  steps.map(({ title, phase, role, thenTo, approve, withinMs, substeps, goto, required, check, rollBack, ask }) => ({
    ...{ title, phase, role, thenTo, approve: roleOf(approve), withinMs, substeps: substeps.length },
    ...(goto !== null && { goto }),
    ...(required && { required }),
    ...(check && { check: true }),
    ...(rollBack && { rollBack }),
    ...(ask.length > 0 && { ask: [...ask] }),
  }));

/** An unknown hash attaches nothing: an alert must open its incident even when the playbook has just been taken away. */
export function attachPlaybook(choice: PlaybookChoice, context: Context, later = false): IncidentEvent[] {
  const playbook = context.playbook(choice.hash);
  if (!playbook) return [];
  return [
    event('playbookAttached', {
      hash: choice.hash,
      playbookId: playbook.playbookId,
      title: playbook.title,
      reason: choice.reason,
      steps: attachedSteps(playbook),
      ...(playbook.phases && playbook.phases.length > 0 && { phases: [...playbook.phases] }),
      later,
      others: (choice.others ?? []).slice(0, othersOffered).flatMap(({ hash, reason }) => {
        const other = context.playbook(hash);
        return other ? [{ playbookId: other.playbookId, title: other.title, reason }] : [];
      }),
    }),
  ];
}

const gone = refuse('unknown-playbook', 'That playbook is not there any more.');
const attachedOr = (events: IncidentEvent[]): Decision => (events.length > 0 ? events : gone);

const stands = ({ current, startedAt }: Walk): string =>
  current !== null ? `at step ${current + 1}` : startedAt === null ? 'not started' : 'walked to its end';

function there(state: Incident, hash: string): Decision | null {
  const walk = walksOf(state).find((each) => each.hash === hash);
  if (!walk) return null;
  return walk === state.walk
    ? refuse('unchanged', `${walk.title} is in hand already, ${stands(walk)}. /incident next goes on.`)
    : refuse(
        'unchanged',
        `${walk.title} is here already, ${stands(walk)}. Take it in hand with /incident playbook switch ${walk.playbookId}`,
      );
}

/** Where one is being walked, whoever asks says first what becomes of it. */
export function choosePlaybook(state: Incident, choice: PlaybookChoice, context: Context): Decision {
  const { walk } = state;
  if (walk && walk.hash !== choice.hash && walk.current !== null) {
    const id = context.playbook(choice.hash)?.playbookId ?? '<name>';
    return refuse(
      'walk-started',
      `${walk.title} is being walked, at step ${walk.current + 1}. Walk the other one instead with /incident playbook switch ${id}, or keep it for later with /incident playbook add ${id}`,
    );
  }
  return switchPlaybook(state, choice, context);
}

export function switchPlaybook(state: Incident, choice: PlaybookChoice, context: Context): Decision {
  const { walk, aside } = state;
  const waiting = aside.find(({ hash }) => hash === choice.hash);
  if (!waiting) return there(state, choice.hash) ?? attachedOr(attachPlaybook(choice, context));
  const { hash, title } = waiting;
  return [
    event('walkSwitched', { hash, title, from: walk?.title ?? null }),
    ...asksApprovals(waiting, handOf(waiting)),
  ];
}

export function addPlaybook(state: Incident, choice: PlaybookChoice, context: Context): Decision {
  return there(state, choice.hash) ?? attachedOr(attachPlaybook(choice, context, state.walk !== null));
}
