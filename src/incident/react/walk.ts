import { watchers } from '../escalation.js';
import type { TimelineEvent } from '../events.js';
import type { Saying } from '../jobs.js';
import type { Incident } from '../state.js';

/** The channel hears of a step that takes too long so often, the commander alone once more, then nobody. */
export const overdueInChannel = 3;

const always: Partial<Record<TimelineEvent['type'], Saying>> = {
  playbookAttached: 'playbook',
  walkSwitched: 'playbook-switched',
  walkStarted: 'step',
  stepDone: 'step',
  stepSkipped: 'step',
  stepFailed: 'step',
  steppedBack: 'step',
  stepAssigned: 'step-assigned',
  substepTicked: 'sub-step',
  stepExtended: 'step-extended',
  helpAsked: 'help-asked',
  checkAnswered: 'step',
  ...{ valueGiven: 'gate', decisionAsked: 'gate', decisionMade: 'gate', rolledBack: 'gate', stepCarried: 'gate' },
  ...{ stepSettled: 'gate', playbookChanged: 'gate', playbookAdopted: 'gate' },
};

/** What the channel hears of the walk; what the commander is asked alone is not for it. */
export function saidOfWalk(
  { roles }: Pick<Incident, 'roles'>,
  event: Pick<TimelineEvent, 'type' | 'body'>,
): Saying | null {
  const { type, body } = event as TimelineEvent;
  if (type === 'stepOverdue') return body.times <= overdueInChannel ? 'step-overdue' : null;
  // What the playbook does about it is told with its reason.
  if (type === 'phaseOverdue') return body.alone && roles.commander === undefined ? 'gate' : null;
  return always[type] ?? null;
}

/**
 * The commander; without one whoever is on call, and of a private incident only who is there already. Never the person
 * who asks.
 */
export function helpers(incident: Incident, { actor }: Pick<TimelineEvent, 'actor'>): string[] {
  const { commander } = incident.roles;
  const asking = actor.kind === 'person' ? actor.personId : null;
  if (commander !== undefined && commander !== asking) return [commander];
  const there = (personId: string): boolean =>
    incident.visibility === 'public' || incident.responders.includes(personId);
  return watchers(incident).filter((personId) => personId !== asking && there(personId));
}

/** Who is told directly of the walk, and what. Nobody is told of what they did themselves. */
export function toldDirectly(after: Incident, event: TimelineEvent): { personId: string; say: Saying }[] {
  const tell = (personId: string | null | undefined, say: Saying) =>
    personId && !(event.actor.kind === 'person' && event.actor.personId === personId) ? [{ personId, say }] : [];
  if (event.type === 'phaseOverdue') return event.body.alone ? tell(after.roles.commander, 'gate') : [];
  if (event.type === 'stepAssigned') return tell(event.body.personId, 'step-assigned');
  if (event.type === 'helpAsked') return helpers(after, event).flatMap((personId) => tell(personId, 'help-asked'));
  if (event.type === 'decisionAsked') return tell(after.roles.commander, 'gate');
  if (event.type === 'stepOverdue')
    return event.body.times > overdueInChannel ? tell(after.roles.commander, 'step-overdue') : [];
  return [];
}
