import { type Context, type Decision, type Decisions, event, type WalkablePlaybook } from '../context.js';
import type { AdoptedStep, GateCommands } from '../gates.js';
import { handOf } from '../hand.js';
import { type Incident, refuse, type Walk, walksOf } from '../state.js';
import { brings } from '../way.js';
import { asksApprovals } from './approve.js';
import { noPlaybook } from './in-hand.js';
import { attachedSteps } from './playbooks.js';

/** Said once of each text. */
function noteChanged(state: Incident, { hash, newer }: GateCommands['notePlaybookChanged']): Decision {
  const walk = walksOf(state).find((each) => each.hash === hash);
  if (!walk || newer === hash || walk.newer === newer) return [];
  return [event('playbookChanged', { hash, title: walk.title, newer })];
}

/** Of each step of the new text the one it was before: with the same title in the same phase, else with the same title. */
export function sameSteps(
  before: readonly { title: string; phase: string }[],
  after: readonly { title: string; phase: string }[],
): (number | null)[] {
  const taken = new Set<number>();
  const find = (fits: (index: number) => boolean): number | null => {
    const index = before.findIndex((_, at) => !taken.has(at) && fits(at));
    if (index < 0) return null;
    taken.add(index);
    return index;
  };
  const folded = (words: string | undefined): string => (words ?? '').trim().toLowerCase();
  const is = (title: string) => (index: number) => folded(before[index]?.title) === folded(title);
  const exact = after.map(({ title, phase }) => find((index) => is(title)(index) && before[index]?.phase === phase));
  return exact.map((index, at) => index ?? find(is(after[at]?.title ?? '')));
}

function adopt(state: Incident, { newer }: GateCommands['adoptPlaybook'], context: Context): Decision {
  const { walk } = state;
  if (!walk) return noPlaybook;
  if (newer === walk.hash) return refuse('unchanged', `${walk.title} is walked as its file is now.`);
  const playbook = context.playbook(newer);
  if (!playbook || playbook.playbookId !== walk.playbookId)
    return refuse('unknown-playbook', 'That text is not there any more. Look again: /incident playbook diff');
  if (playbook.steps.length === 0) return refuse('no-steps', `${playbook.title} has no steps to walk.`);
  if (state.aside.some(({ hash }) => hash === newer))
    return refuse(
      'here-already',
      `The newer text of ${walk.title} is set aside here already. Take it in hand with /incident playbook switch ${walk.playbookId}`,
    );
  const from = sameSteps(walk.steps, playbook.steps);
  const steps = attachedSteps(playbook).map((step, index): AdoptedStep => ({ ...step, from: from[index] ?? null }));
  const phases = [...(playbook.phases ?? [])];
  const hand = handAfter(walk, playbook, from);
  const waits = hand.filter((index) => !isApproved(walk, from[index] ?? null));
  const next: Walk = { ...walk, steps: steps.map((step) => ({ ...blank, ...step })) };
  return [
    event('playbookAdopted', { was: walk.hash, hash: newer, title: playbook.title, steps, phases, hand }),
    ...asksApprovals(next, waits),
  ];
}

const blank = {
  ...{ ticked: [], assignee: null, state: 'open', startedAt: null, endedAt: null, by: null, said: null },
} as const satisfies Partial<Walk['steps'][number]> as unknown as Walk['steps'][number];

const isApproved = ({ current, approval, beside = [] }: Walk, index: number | null): boolean =>
  index !== null &&
  [{ index: current, approval }, ...beside].some((held) => held.index === index && held.approval?.state === 'given');

/** What was in hand; where the new text has none of it, the step after the last that has ended. */
function handAfter(walk: Walk, playbook: WalkablePlaybook, from: readonly (number | null)[]): number[] {
  const inHand = handOf(walk);
  if (inHand.length === 0) return [];
  const kept = from.flatMap((was, index) => (was !== null && inHand.includes(was) ? [index] : []));
  if (kept.length > 0) return kept;
  const ended = from.flatMap((was, index) => (was !== null && walk.steps[was]?.endedAt != null ? [index] : []));
  const last = ended.at(-1) ?? -1;
  const next = from.findIndex((_, index) => index > last);
  if (next < 0) return [];
  const { phases: _, ...plain } = walk;
  const phases = (playbook.phases ?? []).map((phase) => ({
    ...phase,
    ...{ startedAt: null, dueAt: null, decideAt: null, decideAsked: 0 },
  }));
  const steps = playbook.steps.map(() => blank);
  return brings({ ...plain, current: null, steps, ...(phases.length > 0 && { phases }) }, next, null);
}

export const newerDecisions = {
  notePlaybookChanged: ['anything', (state, command) => noteChanged(state, command)],
  adoptPlaybook: ['live', (state, command, { context }) => adopt(state, command, context)],
} satisfies Decisions<'notePlaybookChanged' | 'adoptPlaybook'>;
