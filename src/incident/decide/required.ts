import type { CommandBodies, Meant } from '../commands.js';
import { type Decision, type Decisions, event } from '../context.js';
import { nextFollowUp, type Owed, owedSteps, owedWords } from '../owed.js';
import { type Actor, type Incident, type Refusal, refuse } from '../state.js';

const listed = 5;

/** Why it cannot be closed yet. */
export function requiredOpen(state: Incident): Refusal | null {
  const owed = owedSteps(state);
  const [first] = owed;
  if (!first) return null;
  const words = owed.slice(0, listed).map((each) => owedWords(state, each));
  const more = owed.length > listed ? ` and ${owed.length - listed} more` : '';
  const number = first.index + 1;
  return refuse(
    'required-open',
    `${owed.length === 1 ? 'A required step is' : `There are ${owed.length} required steps`} open: ${words.join(', ')}${more}. Do it and say /incident done --step ${number} <what you saw>; or the commander leaves it out: /incident skip --step ${number} <reason>; or keep it as a follow-up: /incident carry ${number} @who 2030-01-15`,
  );
}

/** Only the commander leaves out what is required. */
export function mayNotSkip(state: Incident, index: number, actor: Actor): Refusal | null {
  const { commander } = state.roles;
  if (actor.kind !== 'person' || actor.personId === commander) return null;
  const who =
    commander === undefined
      ? 'Nobody commands: /incident take commander, then skip it.'
      : 'Ask them, or report that it failed: /incident fail <what happened>';
  return refuse('required', `Step ${index + 1} is required: only the commander skips it, with a reason. ${who}`);
}

/** The owed step that was meant, when it is not in hand. */
function owedOf(state: Incident, { step, playbook }: Meant): Owed | null {
  const id = playbook ?? state.walk?.playbookId;
  return owedSteps(state).find(({ walk, index }) => index === step && walk.playbookId === id) ?? null;
}

/** What is owed may still be done, or left out, after the walk has gone by or the incident has ended. */
export function settle(
  state: Incident,
  meant: Meant,
  as: 'done' | 'skipped',
  said: string | null,
  actor: Actor,
): Decision | null {
  const owed = meant.step === undefined ? null : owedOf(state, meant);
  if (!owed || (state.status !== 'resolved' && owed.walk.steps[owed.index]?.state !== 'failed')) return null;
  const not = as === 'skipped' ? mayNotSkip(state, owed.index, actor) : null;
  return not ?? [event('stepSettled', { hash: owed.walk.hash, index: owed.index, as, said })];
}

function carry(state: Incident, command: CommandBodies['carryStep']): Decision {
  const owed = owedSteps(state);
  const found =
    command.step === undefined ? (owed.length === 1 ? owed[0] : undefined) : (owedOf(state, command) ?? undefined);
  if (!found) return notOwed(state, command, owed);
  const { walk, index } = found;
  const { owner, dueOn } = command;
  const text = `Finish required step ${index + 1} of ${walk.title}: ${walk.steps[index]?.title}`;
  const followUp = { id: nextFollowUp(state), text, owner, dueOn, fromStep: index, fromWalk: walk.hash };
  return [event('stepCarried', { hash: walk.hash, index, followUp })];
}

function notOwed(state: Incident, { step }: Meant, owed: readonly Owed[]): Refusal {
  if (owed.length === 0) return refuse('nothing-owed', 'No required step is open. /incident action adds a follow-up.');
  const words = owed.map((each) => owedWords(state, each)).join(', ');
  return step === undefined
    ? refuse('which-step', `Several required steps are open: ${words}. Say which: /incident carry 5 @who 2030-01-15`)
    : refuse('not-owed', `Step ${step + 1} is not a required step that is open. These are: ${words}.`);
}

export const requiredDecisions = {
  carryStep: ['live', (state, command) => carry(state, command)],
} satisfies Decisions<'carryStep'>;
