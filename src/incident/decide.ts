import { actOf } from './acts.js';
import { auditingDecisions } from './auditing.js';
import { changedDecisions } from './changed.js';
import type { Asked, CommandType } from './commands.js';
import { type Context, type Decide, type Decision, type Decisions, event, type On } from './context.js';
import * as alerts from './decide/alerts.js';
import * as end from './decide/close.js';
import * as triage from './decide/declare.js';
import { calledBy, escalationDecisions } from './decide/escalation.js';
import { handoverDecisions } from './decide/handover.js';
import { aimed } from './decide/in-hand.js';
import * as keeping from './decide/keep.js';
import * as lead from './decide/lead.js';
import { linkDecisions } from './decide/links.js';
import { newerDecisions } from './decide/newer.js';
import { noiseDecisions } from './decide/noise.js';
import * as outage from './decide/outage.js';
import * as outlook from './decide/outlook.js';
import { pageDecisions } from './decide/pages.js';
import { phaseDecisions } from './decide/phases.js';
import * as playbooks from './decide/playbooks.js';
import { promisingDecisions } from './decide/promising.js';
import { queueDecisions } from './decide/queue.js';
import { approvalDecisions } from './decide/request.js';
import { requiredDecisions } from './decide/required.js';
import * as step from './decide/step.js';
import { symptomDecisions } from './decide/symptoms.js';
import { taskDecisions } from './decide/tasks.js';
import { undoDecisions } from './decide/undo.js';
import * as updates from './decide/updates.js';
import { valueDecisions } from './decide/values.js';
import * as walk from './decide/walk.js';
import { mergedInto, nameOf } from './links.js';
import { mustWait } from './nudges.js';
import { type Incident, isDeclared, isRefusal, refuse } from './state.js';
import { suggestingDecisions } from './suggesting.js';

/** These open an incident, so there need not be one. */
type Opens = 'open' | 'declare';

const decisions: Decisions<Exclude<CommandType, Opens>> = {
  ...auditingDecisions,
  ...changedDecisions,
  ...suggestingDecisions,
  attachAlerts: ['anything', (state, command, { context, at }) => alerts.attachAlerts(state, command, context, at)],
  resolveAlerts: ['anything', (state, command, { at }) => alerts.resolveAlerts(state, command, at)],
  snooze: ['triage', (_state, command, { at }) => triage.snooze(command, at)],
  endSnooze: ['anything', (state, command) => triage.endSnooze(state, command)],
  dismiss: ['triage', (_state, command) => triage.dismiss(command)],
  ...escalationDecisions,
  changeSeverity: ['live', (state, command, { at }) => lead.changeSeverity(state, command, at)],
  changeStatus: ['declared', (state, command) => lead.changeStatus(state, command)],
  ...taskDecisions,
  ...handoverDecisions,
  assignRole: ['live', (state, command, given) => lead.assignRole(state, command, given)],
  releaseRole: ['live', (state, command) => lead.releaseRole(state, command)],
  join: ['live', (state, command, { actor }) => lead.join(state, command, actor)],
  stateImpact: ['live', (state, command, { at }) => outlook.stateImpact(state, command, at)],
  stateWorkaround: ['live', (state, command) => outlook.stateWorkaround(state, command)],
  expectReturn: ['live', (state, command, { at }) => outlook.expectReturn(state, command, at)],
  addNote: ['anything', (_state, command) => [event('noted', { text: command.text })]],
  keepMessage: ['anything', (state, command) => keeping.keepMessage(state, command)],
  reviseMessage: ['anything', (state, command) => keeping.reviseMessage(state, command)],
  attachPlaybook: ['live', (state, command, { context }) => playbooks.choosePlaybook(state, command, context)],
  switchPlaybook: ['live', (state, command, { context }) => playbooks.switchPlaybook(state, command, context)],
  addPlaybook: ['live', (state, command, { context }) => playbooks.addPlaybook(state, command, context)],
  next: ['live', (state) => walk.next(state)],
  done: ['live', (state, command, { context, actor }) => walk.done(state, command, context, actor)],
  skip: ['live', (state, command, { context, actor }) => walk.skip(state, command, context, actor)],
  answerCheck: ['live', (state, command, { context }) => walk.answerCheck(state, command, context)],
  ...requiredDecisions,
  ...valueDecisions,
  ...phaseDecisions,
  ...newerDecisions,
  fail: ['live', (state, command, { context }) => walk.fail(state, command, context)],
  back: ['live', (state) => walk.back(state)],
  assignStep: ['live', (state, command, { actor }) => step.assignStep(state, command, actor)],
  tickSubstep: ['live', (state, command, { context }) => step.tickSubstep(state, command, context)],
  checkStep: ['declared', (state, command, { at }) => step.checkStep(state, command, at)],
  extendStep: ['live', (state, command, { context, at }) => step.extendStep(state, command, context, at)],
  askHelp: ['live', (state, command, { context }) => step.askHelp(state, command, context)],
  ...approvalDecisions,
  ...promisingDecisions,
  ...linkDecisions,
  ...noiseDecisions,
  ...symptomDecisions,
  ...queueDecisions,
  ...undoDecisions,
  postUpdate: ['live', (state, command, { at }) => updates.postUpdate(state, command, at)],
  warnUpdate: ['declared', (state, command, { at }) => updates.warnUpdate(state, command, at)],
  postAutomaticUpdate: ['declared', (state, command, { at }) => updates.postAutomaticUpdate(state, command, at)],
  askUpdate: ['declared', (state, command) => outlook.askUpdate(state, command)],
  proposeLong: ['declared', (state, command, { at }) => outlook.proposeLong(state, command, at)],
  startLong: ['live', (state, _command, { at }) => outlook.startLong(state, at)],
  endLong: ['live', (state, _command, { at }) => outlook.endLong(state, at)],
  addFollowUp: ['declared', (state, command) => end.addFollowUp(state, command)],
  resolve: ['declared', (state, command, { at }) => updates.resolve(state, command, at)],
  reopen: ['anything', (state, command, { context, at }) => end.reopen(state, command, context, at)],
  close: ['declared', (state) => end.close(state)],
  losePlatform: ['anything', (state, command) => outage.losePlatform(state, command)],
  regainPlatform: ['anything', (state, command) => outage.regainPlatform(state, command)],
  recordChannel: [
    'anything',
    (_state, command) => [
      event('channelOpened', { platform: command.platform, channel: command.channel, name: command.name }),
    ],
  ],
  recordArchived: [
    'declared',
    (state, command) =>
      state.channels[command.platform]?.channel === command.channel
        ? [event('channelArchived', { platform: command.platform, channel: command.channel })]
        : [],
  ],
  recordInvite: [
    'anything',
    (_state, command) => [
      event('invited', { platform: command.platform, people: command.people, unknown: command.unknown }),
    ],
  ],
  recordFailure: [
    'anything',
    (_state, command) => [
      event('deliveryFailed', { jobKey: command.jobKey, what: command.what, error: command.error }),
    ],
  ],
  ...pageDecisions,
  recordPostmortem: ['declared', (state, command) => end.recordPostmortem(state, command)],
  adoptPolicy: ['anything', (state, command, { at }) => outlook.adoptPolicy(state, command, at)],
};

function unfit(state: Incident, on: On) {
  if (on === 'anything') return null;
  const there = mergedInto(state);
  if (there && on !== 'declared')
    return refuse(
      'merged',
      `This is merged into ${nameOf(there)}. Go on there: /incident ${nameOf(there)} … , or take it out again: /incident unmerge`,
    );
  if (on === 'triage')
    return state.status === 'triage'
      ? null
      : refuse(
          'not-in-triage',
          `${state.title} is not in the triage queue any more. /incident list triage shows what is.`,
        );
  if (!isDeclared(state))
    return refuse('not-declared', 'This is still in the triage queue. Declare it first: /incident declare');
  if (on === 'live' && state.status === 'closed')
    return refuse('closed', 'This incident is closed. Reopen it first: /incident reopen <reason>');
  return null;
}

/** What a command comes to: the events that then stand in the ledger, or why nothing happens. Pure. */
export function decide(state: Incident | null, asked: Asked, context: Context): Decision {
  const events = decided(state, asked, context);
  return isRefusal(events) ? events : [...events, ...calledBy(state, events, { ...asked, context })];
}

function decided(state: Incident | null, { command, actor, at }: Asked, context: Context): Decision {
  if (command.type === 'open') return alerts.open(state, command, context, at);
  if (actor.kind === 'person') {
    const no = context.may(actOf(command, actor), state);
    if (no) return no;
  }
  if (command.type === 'declare') return triage.declare(state, command, context, actor, at);
  if (!state) return refuse('unknown-incident', 'There is no such incident.');
  if (actor.kind === 'machine' && mustWait(state, command.type, at)) return [];
  const [on, decideIt] = decisions[command.type] as readonly [On, Decide<CommandType>];
  const not = unfit(state, on);
  if (not) return not;
  const aim = aimed(state, { command, actor });
  return isRefusal(aim) ? aim : decideIt(aim, command, { context, actor, at });
}
