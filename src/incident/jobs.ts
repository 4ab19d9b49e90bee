import type { Command } from './commands.js';

/**
 * What should happen in the world, and when. `react` names it; the engine fills a post's text in at the commit, the
 * runner carries it out afterwards. The same key replaces, so moving a timer is one `put`.
 */
export type JobChange =
  | { put: JobDraft }
  | { drop: string }
  /** Whatever waits to be done there for this incident is forgotten. */
  | { clear: { incidentId: string; platform: string } };

export interface JobDraft {
  key: string;
  /** Due jobs of one lane run in order; null: on its own. */
  lane: string | null;
  dueAt: number;
  task: TaskDraft;
}

/** The messages Muster can say of an event; each has a template or a card of its own. */
export type Saying =
  | 'declared'
  | 'announcement'
  | 'triage'
  | 'alerts-attached'
  | 'alerts-cleared'
  | 'acknowledged'
  | 'acknowledge-overdue'
  | 'paged'
  | 'page-answered'
  | 'answer-overdue'
  | 'nobody-called'
  | 'nobody-answered'
  | 'severity-changed'
  | 'severity-proposed'
  | 'status-changed'
  | 'role-assigned'
  | 'role-released'
  | 'role-expectations'
  | 'note'
  | 'impact'
  | 'playbook'
  | 'playbook-switched'
  | 'step'
  | 'gate'
  | 'step-assigned'
  | 'sub-step'
  | 'step-overdue'
  | 'step-extended'
  | 'help-asked'
  | 'approval'
  | 'approval-request'
  | 'glass-broken'
  | 'update-due-soon'
  | 'update-overdue'
  | 'status-update'
  | 'update-asked'
  | 'update-chased'
  | 'publish-due'
  | 'published'
  | 'public-update'
  | 'executive-brief'
  | 'long-proposed'
  | 'long-mode'
  | 'long-over'
  | 'workaround'
  | 'expected'
  | 'follow-up-added'
  | 'resolved'
  | 'reopened'
  | 'closed'
  | 'postmortem'
  | 'task-given'
  | 'task-overdue'
  | 'task-ended'
  | 'handover-proposed'
  | 'handover-offered'
  | 'handover-waits'
  | 'handover-declined'
  | 'handover-withdrawn'
  | 'handover-accepted'
  | 'role-offered'
  | 'delivery-failed'
  | 'platform-lost'
  | 'platform-back'
  | 'channel-lost'
  | 'page-unreached'
  | 'merged'
  | 'entry-due'
  | 'briefing'
  | 'split'
  | 'storm-over'
  | 'outline';

export type PostTo =
  | { to: 'incident'; incidentId: string }
  | { to: 'named'; name: 'stakeholders' | 'triage' | 'operators' }
  | { to: 'person'; personId: string };

/** `announcement` and `update`, the newest one, are for stakeholders. */
export type CatchUpOf = 'incident' | 'announcement' | 'update';

export type TaskDraft =
  /** `again`: the event that reopened it after its channel had been put away; it goes on in another one. */
  | { kind: 'openChannel'; incidentId: string; platform: string; again?: number }
  /** The head of the channel, as it then should be. */
  | { kind: 'describe'; incidentId: string; platform: string }
  /** The postmortem of this version as a file. */
  | { kind: 'attach'; incidentId: string; platform: string; version: number }
  /** The channel is put away, if the incident is still closed. */
  | { kind: 'archive'; incidentId: string; platform: string }
  | { kind: 'invite'; incidentId: string; platform: string; people: string[] }
  /**
   * Kept; its text is frozen when the commit is made. `revises`: it takes the place of what was sent under the same
   * key, so that nobody is called a second time. `mirrored`: for a platform where the incident is not worked on.
   */
  | {
      kind: 'post';
      incidentId: string;
      platform: string;
      to: PostTo;
      say: Saying;
      revises?: true;
      mirrored?: true;
    }
  /** What a platform has missed until event `seq`, told from the timeline when it is sent; what was told is left out. */
  | { kind: 'catchUp'; incidentId: string; platform: string; to: PostTo; of: CatchUpOf; seq: number }
  /** Rendered when sent, from the incident as it then is; edits the message posted under the same key. */
  | { kind: 'card'; incidentId: string; platform: string; to: PostTo; card: 'situation' | 'triage' }
  /**
   * The notice that the event `seq` made, for one audience outside chat. `platform` is what is paused when it cannot be
   * reached. `to`: one address of the audience; without it the task is to find out where the audience is.
   */
  | { kind: 'notify'; incidentId: string; platform: string; audience: string; seq: number; to?: string }
  /**
   * Tells people outside chat where it goes on while home is away. `platform` as for a notice. `by`: how one person is
   * told; without it the task is to find out how they are reached.
   */
  | { kind: 'wayIn'; incidentId: string; platform: string; people: string[]; by?: 'mail' | 'push' }
  /**
   * Calls one person. `seq`: the event that says so. `platform` is what is paused when a way cannot be used. `by`: one
   * of that person's ways; without it the task is to find out which they are. `tell`: the way has taken it, and is told
   * that somebody is on it, or that it is over.
   */
  | {
      kind: 'page';
      incidentId: string;
      platform: string;
      personId: string;
      seq: number;
      by?: string;
      tell?: 'acknowledged' | 'ended';
    }
  | { kind: 'ask'; incidentId: string; command: Command }
  /** Alerts that came as symptoms and still fire are heard again. */
  | { kind: 'settle'; incidentId: string }
  /** What was suggested for its playbooks becomes a patch in the data folder. */
  | { kind: 'keepSuggestions'; incidentId: string }
  | { kind: 'draftPostmortem'; incidentId: string };

/** A card is one job for its life: the same key, so that the newest stands for all that wait. */
export const cardJob = (
  incidentId: string,
  platform: string,
  card: Extract<TaskDraft, { kind: 'card' }>['card'],
): { key: string; task: Extract<TaskDraft, { kind: 'card' }> } => ({
  key: `card/${incidentId}/${platform}/${card}`,
  task: {
    kind: 'card',
    incidentId,
    platform,
    to: card === 'triage' ? { to: 'named', name: 'triage' } : { to: 'incident', incidentId },
    card,
  },
});
