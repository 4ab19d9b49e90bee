import type { Evidence, FollowUp, Incident, Status } from './state.js';
import type { Symptom } from './symptoms.js';

/** Another incident, as a link names it. */
export interface Other {
  incidentId: string;
  number: number | null;
  title: string;
}

/**
 * How an incident belongs to another. `merged-into`: it is over and goes on there; `merged-from`: that one is over and
 * goes on here; `split-into`, `split-from`: alerts of one went to the other.
 */
export interface Link extends Other {
  how: 'related' | 'merged-into' | 'merged-from' | 'split-into' | 'split-from';
  reason: string | null;
  at: number;
}

/** Alerts of an incident, counted. */
export interface Counted {
  firing: number;
  total: number;
  names: string[];
}

/** Alerts that go from one incident to another, and what stays behind. `evidence` of each: of those alerts alone. */
export interface Moved {
  alerts: Counted;
  evidence: Evidence;
  startedAt: number | null;
  left: Counted;
  leftEvidence: Evidence;
}

/** Events that say the same on two timelines, written in one commit. */
export interface LinkEvents {
  linked: { other: Other; reason: string | null };
  unlinked: { other: Other };
  /** It is over here: `closed` or `dismissed` follows. Its alerts, follow-ups and people are there now. */
  mergedInto: { other: Other; reason: string | null };
  mergedFrom: {
    other: Other;
    reason: string | null;
    alerts: Counted;
    /** Of both together. */
    evidence: Evidence;
    startedAt: number | null;
    firstAlertAt: number | null;
    people: string[];
    followUps: FollowUp[];
    symptoms?: Symptom[];
  };
  /** `alerts` went; `left` stay. `service`: it was detached, and what is still to come of it goes there too. */
  splitInto: { other: Other; alerts: Counted; left: Counted; evidence: Evidence; service?: string };
  /** `undone`: they had come from here by a merge. */
  splitFrom: {
    other: Other;
    alerts: Counted;
    evidence: Evidence;
    startedAt: number | null;
    firstAlertAt: number | null;
    /** Of a private one: whoever was in the other is in this. */
    people: string[];
    undone: boolean;
  };
}

/**
 * Commands about two incidents: the engine decides the part of each, on the row of each, and writes both or neither.
 * `other`: the id of the other one. What is not said by a person (`takeIn`, `linkBack`, …) follows from the first part.
 */
export interface LinkCommands {
  link: { other: string; reason: string | null };
  linkBack: { other: string; reason: string | null };
  unlink: { other: string };
  unlinkBack: { other: string };
  merge: { other: string; reason: string | null };
  takeIn: { other: string; reason: string | null };
  /** `other`: the id of the incident that opens. `alerts`: ids of the episodes that go there. */
  split: {
    other: string;
    title: string;
    alerts: readonly string[];
    /** This service is detached: what is still to come of it goes there too, under this group key where it is free. */
    detach?: { service: string; groupKey: string };
  };
  /** The merged one stands again, with the alerts of its group. `other`: where they are now. */
  unmerge: { other: string };
  giveUp: { other: string };
  receive: { other: string; undone: boolean };
}

export const asOther = ({ id, number, title }: Pick<Incident, 'id' | 'number' | 'title'>): Other => ({
  incidentId: id,
  number,
  title,
});

/** Where it goes on, when it was merged. */
export const mergedInto = ({ links = [] }: Pick<Incident, 'links'>): Link | null =>
  links.findLast(({ how }) => how === 'merged-into') ?? null;

export const mergeable: ReadonlySet<Status> = new Set([
  'triage',
  'investigating',
  'identified',
  'monitoring',
  'resolved',
]);

/** How an incident is called in a sentence. */
export const nameOf = ({ number, title }: Pick<Other, 'number' | 'title'>): string =>
  number === null ? `“${title}” in the triage queue` : `#${number}`;
