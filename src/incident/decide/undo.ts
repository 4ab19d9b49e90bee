import { type Context, type Decision, type Decisions, event } from '../context.js';
import type { IncidentEvent } from '../events.js';
import { type Actor, type Incident, isRefusal, refuse, type Status } from '../state.js';
import { type LastAct, type UndoCommands, type UndoEvents, undoWithinMs } from '../undo.js';
import { reopen } from './close.js';
import * as lead from './lead.js';
import * as walk from './walk.js';

type Given = { actor: Actor; context: Context; at: number };
const minute = 60_000;
const reason = 'it was taken back';

/** Somebody else has acted on it since: taking it back would take theirs back. */
const overtaken = (what: string, instead: string): Decision =>
  refuse('overtaken', `${what} has changed since, so yours cannot be taken back any more. ${instead}`);

function undo(state: Incident, { seq }: UndoCommands['undo'], given: Given): Decision {
  const { actor, at } = given;
  const last = actor.kind === 'person' ? state.acts?.[actor.personId] : undefined;
  if (!last)
    return refuse(
      'nothing-to-undo',
      'You have done nothing here that could be taken back. /incident timeline shows who did what.',
    );
  if (seq !== null && last.seq !== seq)
    return refuse(
      'not-last',
      'You have done something else since. Only your last act can be taken back: /incident undo',
    );
  const { reverse } = last;
  if (reverse.what === 'no') return refuse('cannot-undo', reverse.why);
  if (at - last.recordedAt > undoWithinMs)
    return refuse(
      'too-late',
      `Your last act was ${Math.round((at - last.recordedAt) / minute)} min ago, and others have built on it: after ${undoWithinMs / minute} min it stays. Do what puts it right, or say so: /incident note <what was wrong>`,
    );
  return reversed(state, last, given);
}

function reversed(state: Incident, last: LastAct, { context, at }: Given): Decision {
  const { reverse } = last;
  if (reverse.what === 'no') return [];
  const { what } = reverse;
  const undone = (more: Partial<UndoEvents['undone']> = {}): IncidentEvent =>
    event('undone', { seq: last.seq, what, actAt: last.at, ...more });
  const beside = (decision: Decision): Decision => (isRefusal(decision) ? decision : [undone(), ...decision]);
  switch (reverse.what) {
    case 'severity':
      return state.severity !== reverse.to
        ? overtaken('The severity', 'Set it: /incident sev <1|2|3> <reason>')
        : beside(lead.changeSeverity(state, { to: reverse.from, reason }, at));
    case 'status':
      return state.status === reverse.to && isWorking(reverse.from)
        ? beside(lead.changeStatus(state, { to: reverse.from, reason }))
        : overtaken('The status', 'Say how far it is: /incident status identified <what>');
    case 'role':
      if (state.roles[reverse.role] !== reverse.personId)
        return overtaken('Who has the role', `Give it: /incident assign ${reverse.role} @who`);
      return reverse.previous === null
        ? [undone(), event('roleReleased', { role: reverse.role, personId: reverse.personId })]
        : [
            undone(),
            event('roleAssigned', { role: reverse.role, personId: reverse.previous, previous: reverse.personId }),
          ];
    case 'released':
      return state.roles[reverse.role]
        ? overtaken('Who has the role', `Give it: /incident assign ${reverse.role} @who`)
        : [undone(), event('roleAssigned', { role: reverse.role, personId: reverse.personId, previous: null })];
    case 'note':
      return [undone()];
    case 'impact':
      return state.impact?.at === last.at
        ? [undone({ impact: reverse.was })]
        : overtaken('The impact', 'State it: /incident impact <text>');
    case 'workaround':
      return state.workaround === null || state.workaround.at === last.at
        ? [undone({ workaround: reverse.was })]
        : overtaken('The workaround', 'State it: /incident workaround <text>');
    case 'expected':
      return state.expected === null || state.expected.saidAt === last.at
        ? [undone({ expected: reverse.was })]
        : overtaken('What is expected', 'Say it: /incident expect 2h <why>');
    case 'followUp':
      return state.followUps.some(({ id }) => id === reverse.id)
        ? [undone({ followUp: reverse.id })]
        : overtaken('The follow-ups', 'Add it: /incident action <text>');
    case 'step': {
      const back = walk.back(state);
      if (isRefusal(back)) return back;
      const [first] = back;
      return first?.type === 'steppedBack' && first.body.to === reverse.index
        ? [undone(), ...back]
        : overtaken('The walk', 'Go back step by step: /incident back');
    }
    case 'tick': {
      const { index, substep, ticked } = reverse;
      const known = state.walk?.steps[index]?.ticked.includes(substep);
      if (known !== ticked) return overtaken('The sub-step', 'Tick it: /incident tick <number>');
      const text = context.playbook(state.walk?.hash ?? '')?.steps[index]?.substeps[substep] ?? '';
      return [undone(), event('substepTicked', { index, substep, text, ticked: !ticked })];
    }
    case 'snooze':
      return state.snoozedUntil === null
        ? overtaken('The entry', 'Decide about it: /incident declare, snooze or dismiss')
        : [undone(), event('snoozeEnded', {})];
    case 'dismiss':
    case 'resolve':
      return beside(reopen(state, { reason }, context, at));
    case 'owner':
      return reverse.previous === null || state.status !== 'triage'
        ? overtaken('The entry', 'Give it to somebody: /incident own @who')
        : [
            undone(),
            event('entryOwned', { personId: reverse.previous, previous: null, dueAt: state.queued?.dueAt ?? at }),
          ];
    default:
      return refuse('other', 'That is taken back on both: /incident unlink, or /incident unmerge.');
  }
}

const isWorking = (status: Status): status is 'investigating' | 'identified' | 'monitoring' =>
  status === 'investigating' || status === 'identified' || status === 'monitoring';

export const undoDecisions = {
  undo: ['anything', (state, command, given) => undo(state, command, given)],
} satisfies Decisions<keyof UndoCommands>;
