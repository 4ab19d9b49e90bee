import type { Asked, CommandType, Meant } from '../commands.js';
import type { Context, WalkablePlaybook } from '../context.js';
import { heldOf, withFocus } from '../hand.js';
import { type Incident, type Refusal, refuse, type Walk } from '../state.js';

export interface InHand {
  walk: Walk;
  playbook: WalkablePlaybook;
  index: number;
}

export const noPlaybook = refuse(
  'no-playbook',
  'This incident has no playbook. Choose one with /incident playbook, or say what you do with /incident note.',
);
export const notStarted = (walk: Walk): Refusal =>
  refuse('walk-not-started', `${walk.title} has not been started. Start it with /incident next.`);

export const became = {
  open: 'still ahead',
  done: 'done',
  skipped: 'skipped',
  failed: 'failed',
  passed: 'passed over',
};

/** A card of another playbook's step was meant. */
export function otherPlaybook({ walk, aside }: Incident, { playbook }: Meant): Refusal | null {
  if (!walk || playbook === undefined || playbook === walk.playbookId) return null;
  const meant = aside.find(({ playbookId }) => playbookId === playbook);
  const back = meant ? ` /incident playbook switch ${meant.playbookId} goes back to ${meant.title}.` : '';
  return refuse('other-playbook', `That is a step of another playbook. ${walk.title} is in hand.${back}`);
}

/** The step in hand, when it is the one that was meant. */
export function inHand(state: Incident, context: Context, meant: Meant): InHand | Refusal {
  const { walk } = state;
  if (!walk) return noPlaybook;
  const other = otherPlaybook(state, meant);
  if (other) return other;
  const playbook = context.playbook(walk.hash);
  if (!playbook) return refuse('playbook-lost', `The text of ${walk.title} cannot be read. Tell whoever runs Muster.`);
  if (walk.current !== null) {
    if (meant.step === undefined || meant.step === walk.current) return { walk, playbook, index: walk.current };
    const then = became[walk.steps[meant.step]?.state ?? 'open'];
    const now = `Step ${walk.current + 1} is in hand: ${walk.steps[walk.current]?.title}.`;
    return refuse('other-step', `Step ${meant.step + 1} is ${then}. ${now} /incident next shows it.`);
  }
  return walk.startedAt === null
    ? notStarted(walk)
    : refuse(
        'walk-finished',
        `${walk.title} is walked to its end. /incident back returns to the step before; /incident resolve ends the incident.`,
      );
}

/** These are about one step in hand; where there are several, it has to be clear which. */
const ofOneStep: ReadonlySet<CommandType> = new Set<CommandType>([
  ...(['done', 'skip', 'fail', 'answerCheck', 'tickSubstep', 'extendStep', 'askHelp', 'assignStep'] as const),
  ...(['approve', 'decline', 'breakGlass'] as const),
]);
const byWhoeverDecides: ReadonlySet<CommandType> = new Set<CommandType>(['approve', 'decline', 'breakGlass']);

/**
 * The incident with the step that is meant as the one in hand: the one that is named, the only one this person has, or
 * that waits for a decision, or that nobody has taken. Where that leaves several, it is asked which.
 */
export function aimed(state: Incident, { command, actor }: Pick<Asked, 'command' | 'actor'>): Incident | Refusal {
  const { walk } = state;
  if (!walk?.beside || !ofOneStep.has(command.type)) return state;
  const meant = command as Meant;
  if (meant.step !== undefined || otherPlaybook(state, meant)) return withFocus(state, meant.step);
  const held = heldOf(walk).toSorted((a, b) => a.index - b.index);
  const mine = held.filter(({ index }) => actor.kind === 'person' && walk.steps[index]?.assignee === actor.personId);
  if (byWhoeverDecides.has(command.type))
    return withFocus(state, held.find(({ approval }) => approval?.state === 'asked')?.index);
  if (command.type === 'assignStep')
    return withFocus(state, held.find(({ index }) => walk.steps[index]?.assignee == null)?.index);
  const [only, ...more] = mine;
  if (only && more.length === 0) return withFocus(state, only.index);
  const all = (mine.length > 1 ? mine : held).map(({ index }) => `${index + 1} (${walk.steps[index]?.title})`);
  const verb = verbs[command.type] ?? 'done';
  const first = (mine[0] ?? held[0])?.index ?? 0;
  return refuse(
    'which-step',
    `There are ${all.length} steps in hand: ${all.join(', ')}. Say which: /incident ${verb} ${first + 1} … /incident take step ${first + 1} makes it yours, and then the number is not needed.`,
  );
}

const verbs: Partial<Record<CommandType, string>> = {
  skip: 'skip',
  fail: 'fail',
  answerCheck: 'answer yes --step',
  tickSubstep: 'tick --step',
  extendStep: 'more --step',
  askHelp: 'stuck --step',
};
