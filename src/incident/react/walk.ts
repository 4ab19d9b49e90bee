import type { TimelineEvent } from '../events.js';
import type { Saying } from '../jobs.js';
import { holderOf, type Incident, pagedAt } from '../state.js';

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
  approvalGiven: 'approval',
  approvalDeclined: 'approval',
};

/** What the channel hears of the walk. */
export function saidOfWalk(before: Incident | null, event: Pick<TimelineEvent, 'type' | 'body'>): Saying | null {
  const { type, body } = event as TimelineEvent;
  if (type === 'stepOverdue') return body.times <= overdueInChannel ? 'step-overdue' : null;
  // A step that has just come in hand is shown with its question.
  if (type === 'approvalAsked') return before?.walk?.approval ? 'approval' : null;
  return always[type] ?? null;
}

/** Who has to decide on the step in hand. */
const approver = (incident: Incident | null): string | null => {
  const walk = incident?.walk;
  if (!incident || !walk || walk.current === null || walk.approval?.state !== 'asked') return null;
  const role = walk.steps[walk.current]?.approve;
  const holder = role ? holderOf(incident, role) : null;
  return holder === walk.approval.askedBy ? null : holder;
};

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
  return pagedAt(incident.policy, incident.severity).filter((personId) => personId !== asking && there(personId));
}

/** Who is told directly of the walk, and what. Nobody is told of what they did themselves. */
export function toldDirectly(
  before: Incident | null,
  after: Incident,
  event: TimelineEvent,
): { personId: string; say: Saying }[] {
  const tell = (personId: string | null | undefined, say: Saying) =>
    personId && !(event.actor.kind === 'person' && event.actor.personId === personId) ? [{ personId, say }] : [];
  if (event.type === 'stepAssigned') return tell(event.body.personId, 'step-assigned');
  if (event.type === 'helpAsked') return helpers(after, event).flatMap((personId) => tell(personId, 'help-asked'));
  if (event.type === 'stepOverdue')
    return event.body.times > overdueInChannel ? tell(after.roles.commander, 'step-overdue') : [];
  const decides = approver(after);
  return event.type === 'approvalAsked' || decides !== approver(before) ? tell(decides, 'approval') : [];
}
