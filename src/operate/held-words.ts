import type { Command } from '../incident/commands.js';
import type { Incident } from '../incident/state.js';
import { plainText } from '../messages/plain.js';
import { machine } from '../people/viewer.js';
import type { HeldJob } from '../store/held-port.js';
import type { Store, Task } from '../store/port.js';
import { span } from './words.js';

export interface HeldShown {
  key: string;
  /** A channel, a person, or the chat as such. */
  to: string;
  what: string;
  dueAt: number;
}

const shownAtMost = 1000;

/** What a restored Muster would do if it were released, in the order in which it fell due. */
export async function heldShown(store: Store): Promise<{ total: number; jobs: HeldShown[] }> {
  const jobs = await store.held(shownAtMost);
  const incidents = new Map<string, Incident | null>();
  for (const id of new Set(jobs.map(({ incidentId }) => incidentId)))
    incidents.set(id, id === 'system' ? null : await store.incident(machine, { id }));
  const names = new Map((await store.people()).map(({ personId, name }) => [personId, name]));
  const total = jobs.length < shownAtMost ? jobs.length : await store.heldCount();
  return { total, jobs: jobs.map((job) => shown(job, incidents.get(job.incidentId) ?? null, names)) };
}

function shown(
  { key, dueAt, task }: HeldJob,
  incident: Incident | null,
  names: ReadonlyMap<string, string>,
): HeldShown {
  const about = incident === null ? 'Muster' : incident.number === null ? 'the triage queue' : `#${incident.number}`;
  return {
    key,
    dueAt,
    to: 'platform' in task ? `${receiver(task, about, names)} (${task.platform})` : about,
    what: whatOf(task, names),
  };
}

function receiver(task: Task, about: string, names: ReadonlyMap<string, string>): string {
  if (!('to' in task)) return about;
  const { to } = task;
  if (typeof to !== 'object') return about;
  if (to.to === 'person') return names.get(to.personId) ?? to.personId;
  return to.to === 'named' ? `#${to.name}` : `the channel of ${about}`;
}

const timers: Partial<Record<Command['type'], string>> = {
  lapseAcknowledgement: 'asks whoever acknowledged, if nobody has done anything since',
  missAnswer: 'calls others, if whoever was called by name has not answered',
  chaseUpdate: 'calls whoever owes an update, if it is still owed',
  warnPublish: 'warns that a public update is due, if it still is',
  missPublish: 'asks for a public update, if one is still owed',
  lapseApprovals: 'asks the next for an approval, or lets it lapse',
  checkPhase: 'asks how a phase of the playbook goes, if it is not over',
  askDecision: 'asks whether to go on or to restore, if it is not decided',
  checkTask: 'asks how a task goes, if it is not done',
  checkHandover: 'reminds of a handover, if it is not accepted',
  proposeHandover: 'proposes a handover',
  offerRole: 'offers to share the roles',
  chaseEntry: 'asks about an entry of the triage queue, if it still waits',
  postAutomaticUpdate: 'posts an update by itself, if one is still owed',
  warnUpdate: 'warns that an update is due, if it still is',
  missAcknowledge: 'asks again who takes it, if nobody has',
  endSnooze: 'brings it back into the triage queue',
  checkStep: 'asks how the step in hand goes, if it is still in hand',
  askUpdate: 'asks for an update, because something changed',
  proposeLong: 'proposes rarer updates, if it is still open',
  releaseRole: 'releases the role of somebody who has left',
};
const shownWords = 200;
const firstWords = (said: string): string => {
  const line = said.replace(/\s+/g, ' ').trim();
  return line.length > shownWords ? `${line.slice(0, shownWords)}…` : line;
};

function whatOf(task: Task, names: ReadonlyMap<string, string>): string {
  switch (task.kind) {
    case 'post':
      return firstWords(plainText(task.card));
    case 'card':
      return `the ${task.card} card, as it is then`;
    case 'openChannel':
      return 'opens the channel';
    case 'invite':
      return `invites ${task.people.map((id) => names.get(id) ?? id).join(', ')}`;
    case 'ask':
      return timers[task.command.type] ?? `a timer: ${task.command.type}`;
    case 'keepSuggestions':
      return 'keeps what was suggested for its playbooks';
    case 'draftPostmortem':
      return 'drafts the postmortem';
    default:
      return task.kind;
  }
}

export function heldWords({ total, jobs }: { total: number; jobs: readonly HeldShown[] }, now: number): string {
  if (total === 0) return 'Nothing is held.';
  return [
    ...jobs.map(({ to, what, dueAt }) => `${age(now - dueAt).padEnd(14)}  ${to}: ${what}`),
    ...(total > jobs.length ? [`… and ${total - jobs.length} more`] : []),
    `${total} held since the restore. Let them go: muster restore release, or without old messages: muster restore release --drop-older-than 1h.`,
  ].join('\n');
}

const age = (ms: number): string => (ms >= 0 ? `${span(ms)} old` : `in ${span(-ms)}`);
