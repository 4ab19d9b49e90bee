import type { Meant } from '../commands.js';
import type { Context, WalkablePlaybook } from '../context.js';
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
