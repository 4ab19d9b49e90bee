import type { Asked, Command, CommandType } from './commands.js';
import { type Context, type Decision, event } from './context.js';
import * as alerts from './decide/alerts.js';
import * as approval from './decide/approve.js';
import * as end from './decide/close.js';
import * as triage from './decide/declare.js';
import * as keeping from './decide/keep.js';
import * as lead from './decide/lead.js';
import * as outage from './decide/outage.js';
import * as outlook from './decide/outlook.js';
import * as playbooks from './decide/playbooks.js';
import * as step from './decide/step.js';
import * as updates from './decide/updates.js';
import * as walk from './decide/walk.js';
import { type Actor, type Incident, isDeclared, refuse } from './state.js';

type On = 'anything' | 'declared' | 'live' | 'triage';

/**
 * What an incident must be for a command to make sense. `declared`: has a number, ended or not. `live`: declared and
 * not closed. Checked in one place, so that no decision has to.
 */
const wants: Record<CommandType, On> = {
  open: 'anything',
  declare: 'anything',
  attachAlerts: 'anything',
  resolveAlerts: 'anything',
  reopen: 'anything',
  addNote: 'anything',
  keepMessage: 'anything',
  reviseMessage: 'anything',
  losePlatform: 'anything',
  regainPlatform: 'anything',
  recordChannel: 'anything',
  recordArchived: 'declared',
  recordInvite: 'anything',
  recordFailure: 'anything',
  adoptPolicy: 'anything',
  snooze: 'triage',
  endSnooze: 'anything',
  dismiss: 'triage',
  acknowledge: 'declared',
  missAcknowledge: 'declared',
  changeSeverity: 'live',
  changeStatus: 'declared',
  assignRole: 'live',
  releaseRole: 'live',
  join: 'live',
  stateImpact: 'live',
  stateWorkaround: 'live',
  expectReturn: 'live',
  attachPlaybook: 'live',
  switchPlaybook: 'live',
  addPlaybook: 'live',
  next: 'live',
  done: 'live',
  skip: 'live',
  fail: 'live',
  back: 'live',
  assignStep: 'live',
  tickSubstep: 'live',
  checkStep: 'declared',
  extendStep: 'live',
  askHelp: 'live',
  approve: 'live',
  decline: 'live',
  postUpdate: 'live',
  warnUpdate: 'declared',
  postAutomaticUpdate: 'declared',
  askUpdate: 'declared',
  proposeLong: 'declared',
  startLong: 'live',
  endLong: 'live',
  addFollowUp: 'declared',
  resolve: 'declared',
  close: 'declared',
  recordPostmortem: 'declared',
};

function unfit(state: Incident, on: On) {
  if (on === 'anything') return null;
  if (on === 'triage')
    return state.status === 'triage'
      ? null
      : refuse('not-in-triage', `${state.title} is not in the triage queue any more.`);
  if (!isDeclared(state))
    return refuse('not-declared', 'This is still in the triage queue. Declare it first: /incident declare');
  if (on === 'live' && state.status === 'closed')
    return refuse('closed', 'This incident is closed. Reopen it first: /incident reopen <reason>');
  return null;
}

/** What a command comes to: the events that then stand in the ledger, or why nothing happens. Pure. */
export function decide(state: Incident | null, asked: Asked, context: Context): Decision {
  const { command, actor, at } = asked;
  if (command.type === 'open') return alerts.open(state, command, context, at);
  if (actor.kind === 'person') {
    const no = context.may(command.type, state);
    if (no) return no;
  }
  if (command.type === 'declare') return triage.declare(state, command, context, actor, at);
  if (!state) return refuse('unknown-incident', 'There is no such incident.');
  return unfit(state, wants[command.type]) ?? on(state, command, context, actor, at);
}

function on(
  state: Incident,
  command: Exclude<Command, { type: 'open' | 'declare' }>,
  context: Context,
  actor: Actor,
  at: number,
): Decision {
  switch (command.type) {
    case 'attachAlerts':
      return alerts.attachAlerts(state, command, context, at);
    case 'resolveAlerts':
      return alerts.resolveAlerts(state, command, at);
    case 'snooze':
      return triage.snooze(command, at);
    case 'endSnooze':
      return triage.endSnooze(state, command);
    case 'dismiss':
      return triage.dismiss(command);
    case 'acknowledge':
      return lead.acknowledge(state);
    case 'missAcknowledge':
      return lead.missAcknowledge(state, command, at);
    case 'changeSeverity':
      return lead.changeSeverity(state, command, at);
    case 'changeStatus':
      return lead.changeStatus(state, command);
    case 'assignRole':
      return lead.assignRole(state, command, actor);
    case 'releaseRole':
      return lead.releaseRole(state, command);
    case 'join':
      return lead.join(state, command);
    case 'stateImpact':
      return outlook.stateImpact(state, command, at);
    case 'stateWorkaround':
      return outlook.stateWorkaround(state, command);
    case 'expectReturn':
      return outlook.expectReturn(state, command, at);
    case 'addNote':
      return [event('noted', { text: command.text })];
    case 'keepMessage':
      return keeping.keepMessage(state, command);
    case 'reviseMessage':
      return keeping.reviseMessage(state, command);
    case 'attachPlaybook':
      return playbooks.choosePlaybook(state, command, context);
    case 'switchPlaybook':
      return playbooks.switchPlaybook(state, command, context);
    case 'addPlaybook':
      return playbooks.addPlaybook(state, command, context);
    case 'next':
      return walk.next(state);
    case 'done':
      return walk.done(state, command, context);
    case 'skip':
      return walk.skip(state, command, context);
    case 'fail':
      return walk.fail(state, command, context);
    case 'back':
      return walk.back(state);
    case 'assignStep':
      return step.assignStep(state, command, actor);
    case 'tickSubstep':
      return step.tickSubstep(state, command, context);
    case 'checkStep':
      return step.checkStep(state, command, at);
    case 'extendStep':
      return step.extendStep(state, command, context, at);
    case 'askHelp':
      return step.askHelp(state, command, context);
    case 'approve':
      return approval.approve(state, command, context, actor);
    case 'decline':
      return approval.decline(state, command, context, actor);
    case 'postUpdate':
      return updates.postUpdate(state, command, at);
    case 'warnUpdate':
      return updates.warnUpdate(state, command, at);
    case 'postAutomaticUpdate':
      return updates.postAutomaticUpdate(state, command, at);
    case 'askUpdate':
      return outlook.askUpdate(state, command);
    case 'proposeLong':
      return outlook.proposeLong(state, command, at);
    case 'startLong':
      return outlook.startLong(state, at);
    case 'endLong':
      return outlook.endLong(state, at);
    case 'addFollowUp':
      return end.addFollowUp(state, command);
    case 'resolve':
      return updates.resolve(state, command, at);
    case 'reopen':
      return end.reopen(state, command, context, at);
    case 'close':
      return end.close(state);
    case 'losePlatform':
      return outage.losePlatform(state, command);
    case 'regainPlatform':
      return outage.regainPlatform(state, command);
    case 'recordChannel':
      return [event('channelOpened', { platform: command.platform, channel: command.channel, name: command.name })];
    case 'recordArchived':
      return state.channels[command.platform]?.channel === command.channel
        ? [event('channelArchived', { platform: command.platform, channel: command.channel })]
        : [];
    case 'recordInvite':
      return [event('invited', { platform: command.platform, people: command.people, unknown: command.unknown })];
    case 'recordFailure':
      return [event('deliveryFailed', { jobKey: command.jobKey, what: command.what, error: command.error })];
    case 'recordPostmortem':
      return end.recordPostmortem(state, command);
    case 'adoptPolicy':
      return outlook.adoptPolicy(state, command, at);
  }
}
