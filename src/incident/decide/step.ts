import type { CommandBodies } from '../commands.js';
import { type Context, type Decision, event } from '../context.js';
import { withFocus } from '../hand.js';
import { overdueInChannel } from '../react/walk.js';
import { type Actor, type Incident, isOpen, isRefusal, refuse } from '../state.js';
import { asksApproval } from './approve.js';
import { became, inHand, noPlaybook, notStarted, otherPlaybook } from './in-hand.js';

/** Whoever takes the step in hand runs it: an approval that is not given yet is asked for in their name. */
export function assignStep(state: Incident, command: CommandBodies['assignStep'], actor: Actor): Decision {
  const { walk } = state;
  if (!walk) return noPlaybook;
  const other = otherPlaybook(state, command);
  if (other) return other;
  const index = command.step ?? walk.current;
  if (index === null)
    return walk.startedAt === null
      ? notStarted(walk)
      : refuse('walk-finished', `${walk.title} is walked to its end: no step is in hand.`);
  const step = walk.steps[index];
  if (!step)
    return refuse('no-such-step', `${walk.title} has ${walk.steps.length} steps. /incident playbook shows them.`);
  if (step.state !== 'open')
    return refuse(
      'step-over',
      `Step ${index + 1} is ${became[step.state]}. /incident playbook shows who has which step.`,
    );
  const { personId } = command;
  const taken = actor.kind === 'person' && actor.personId === personId;
  const { approval } = walk;
  const asksAnew =
    taken &&
    index === walk.current &&
    approval !== null &&
    (approval.state === 'declined' || (approval.state === 'asked' && approval.askedBy !== personId));
  const events = [
    ...(step.assignee === personId ? [] : [event('stepAssigned', { index, personId, previous: step.assignee })]),
    ...(asksAnew ? asksApproval(walk, index) : []),
  ];
  if (events.length > 0) return events;
  return refuse('unchanged', `That person has step ${index + 1} already. /incident next shows it.`);
}

export function tickSubstep(state: Incident, command: CommandBodies['tickSubstep'], context: Context): Decision {
  const at = inHand(state, context, command);
  if (isRefusal(at)) return at;
  const { substeps = [] } = at.playbook.steps[at.index] ?? {};
  const number = command.substep + 1;
  const text = substeps[command.substep];
  if (text === undefined)
    return refuse(
      'no-such-substep',
      substeps.length === 0
        ? `Step ${at.index + 1} has no sub-steps. Finish it with /incident done.`
        : `Step ${at.index + 1} has ${substeps.length} sub-step${substeps.length === 1 ? '' : 's'}. /incident next shows them.`,
    );
  const ticked = at.walk.steps[at.index]?.ticked.includes(command.substep) ?? false;
  if (ticked === command.ticked)
    return refuse(
      'unchanged',
      ticked
        ? `Sub-step ${number} is ticked already. /incident untick ${number} takes it back.`
        : `Sub-step ${number} is not ticked. /incident tick ${number} ticks it.`,
    );
  return [event('substepTicked', { index: at.index, substep: command.substep, text, ticked: command.ticked })];
}

export function checkStep(state: Incident, command: CommandBodies['checkStep'], at: number): Decision {
  const { walk } = withFocus(state, command.step);
  if (command.step !== undefined && walk?.current !== command.step) return [];
  if (!isOpen(state) || !walk || walk.current === null || walk.dueAt !== command.dueAt) return [];
  const times = walk.asked + 1;
  const within = walk.steps[walk.current]?.withinMs ?? null;
  // After the last word to the commander only a person who says how long it takes is asked again.
  const again = within !== null && times <= overdueInChannel;
  return [
    event('stepOverdue', { index: walk.current, dueAt: command.dueAt, times, nextDueAt: again ? at + within : null }),
  ];
}

export function extendStep(
  state: Incident,
  command: CommandBodies['extendStep'],
  context: Context,
  at: number,
): Decision {
  const step = inHand(state, context, command);
  if (isRefusal(step)) return step;
  if (!isOpen(state)) return refuse('ended', `This incident is ${state.status}: nobody is asked about a step.`);
  const forMs = command.forMs ?? step.walk.steps[step.index]?.withinMs ?? null;
  if (forMs === null)
    return refuse('no-time', `Step ${step.index + 1} has no time-box. Say how long it takes: /incident more 10m`);
  return [event('stepExtended', { index: step.index, forMs, dueAt: at + forMs })];
}

export function askHelp(state: Incident, command: CommandBodies['askHelp'], context: Context): Decision {
  const at = inHand(state, context, command);
  return isRefusal(at) ? at : [event('helpAsked', { index: at.index, text: command.text })];
}
