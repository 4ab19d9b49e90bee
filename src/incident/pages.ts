import { pagingOf } from './escalation.js';
import type { JobDraft, TaskDraft } from './jobs.js';
import type { Incident } from './state.js';

/** What became of a page. `page`: the event that called this person. `way`: one of theirs, by its id. */
export interface PageEvents {
  /** The way has taken it; from there on it is that way's to bring. */
  pageHandedOver: { personId: string; page: number; way: string };
  /** `next`: the way that is tried at once instead; null: none of theirs still waits for its time. */
  pageFailed: { personId: string; page: number; way: string; error: string; next: string | null };
  /** None of their ways took it: somebody has to call them. */
  pageUnreached: { personId: string; page: number };
}

export interface PageCommands {
  /** How one way ended, or stands by now. */
  recordPage: {
    personId: string;
    page: number;
    way: string;
    /** null: it was taken. */
    error: string | null;
    /** All of their ways for this page, the first to be tried first; of these, those whose time has not come. */
    ways: string[];
    later: string[];
  };
  /** They have no way at all. */
  recordUnreached: { personId: string; page: number };
}

/** What has become of the pages of an incident; forgotten when it is over. */
export interface PageOutcome {
  page: number;
  personId: string;
  /** Ids of ways. */
  handed: string[];
  failed: string[];
  unreached: boolean;
}

/** How it stands with one page of one person. */
export const outcomeOf = ({ pages = [] }: Incident, page: number, personId: string): PageOutcome =>
  pages.find((each) => each.page === page && each.personId === personId) ?? {
    page,
    personId,
    handed: [],
    failed: [],
    unreached: false,
  };

/** Whether this person need not come any more, or not to this call and to none since. */
export const isPageOver = (incident: Incident, page: number, personId: string): boolean =>
  !pagingOf(incident).ringing.some((each) => each.personId === personId && each.seq >= page);

/** Of one way of a person: what is paused when it cannot be used, and nothing else. */
export const wayPlace = (personId: string, way: string): string => `page/${personId}/${way}`;

/** The job that tells a way how it stands with a page it has taken. */
export function pageOverJob(
  of: Parameters<typeof pageJob>[0],
  dueAt: number,
  tell: 'acknowledged' | 'ended',
): ReturnType<typeof pageJob> {
  const job = pageJob(of, dueAt);
  return { ...job, key: `page-over/${of.incidentId}/${of.personId}/${of.way}`, task: { ...job.task, tell } };
}

/** The job that calls one person by one of their ways. */
export const pageJob = (
  { incidentId, personId, page, way }: { incidentId: string; personId: string; page: number; way: string },
  dueAt: number,
): JobDraft & { task: Extract<TaskDraft, { kind: 'page' }> } => {
  const platform = wayPlace(personId, way);
  return {
    key: `page/${incidentId}/${page}/${personId}/${way}`,
    // Of its incident alone: what hangs holds up no other.
    lane: `page:${incidentId}/${personId}/${way}`,
    dueAt,
    task: { kind: 'page', incidentId, platform, personId, seq: page, by: way },
  };
};
