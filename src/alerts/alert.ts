import type { Changed } from './changed.js';
/** One alert as a source reported it: a firing or a cleared episode of one fingerprint. */
export interface Alert {
  /** The source's name (`alertmanager`, `generic`, or a named instance). */
  source: string;
  /** What makes two reports the same alert, within the source. At most 256 characters. */
  fingerprint: string;
  status: 'firing' | 'resolved';
  /** When this episode began; null when the sender does not say (then the arrival counts). */
  startsAt: number | null;
  /** When it cleared; only with `resolved`; null: the arrival counts. */
  endsAt: number | null;
  /** e.g. the alertname. Never empty. */
  name: string;
  /** One line for people; from outside, never formatted. */
  summary: string;
  service: string | null;
  /** The host or instance it is about, if any. */
  host: string | null;
  /** The sender's severity word, lower case, or null. */
  severity: string | null;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** http(s) links only. */
  links: { label: string; href: string }[];
  /** What to group by when there is no service: the same for alerts that belong together. */
  groupHint: string;
  /** Unless it is reported again by then it has ended; left out: its end is reported. */
  expiresAt?: number;
  /** It tells of a change as well: a deployment that went well. */
  change?: Changed;
  /** Muster says so itself: its sender has not reported it again since, and at `endsAt` that was too long. */
  silentSince?: number;
}

/** A stored episode: the union of overlapping intervals reported for one fingerprint. */
export interface Episode {
  id: string;
  source: string;
  fingerprint: string;
  /** The incident (or triage entry) it belongs to; null: only its end was ever reported. */
  incidentId: string | null;
  state: 'firing' | 'resolved';
  startedAt: number;
  endedAt: number | null;
  /** What the union was made of, as far as a later report can still change it. Stored as it is. */
  reported: Reported;
  /** Latest report. */
  lastSeenAt: number;
  /** It fires and nobody is told, on purpose; left out: it is not kept quiet. */
  held?: Held;
  /** It comes and goes: its end counts only then, and the incident takes it to fire still. */
  damped?: { until: number };
  /** Unless it is reported again by then it has ended (senders that repeat what fires instead of telling its end). */
  expiresAt?: number;
  name: string;
  summary: string;
  service: string | null;
  host: string | null;
  severity: string | null;
  groupKey: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  links: { label: string; href: string }[];
}

/**
 * Reports come in any order, and a late one may show that what looked like one episode was two. `firing`: the starts
 * reported firing that no reported clear interval covers, and the first one it covers; ascending, at most 16; empty:
 * only the end was ever reported. `clearFrom`: where the reported clear interval begins (it ends at `endedAt`); null
 * while firing.
 */
export interface Reported {
  firing: number[];
  clearFrom: number | null;
}

/** Why an alert that fires is with no incident. `until`: then it is looked at again; null: with its next report. */
export interface Held {
  as: 'ignored' | 'suppressed';
  /** In words, e.g. `silence 3 by Ada until 04:00 UTC: kernel update`. */
  why: string;
  until: number | null;
  /** What holds it, e.g. `silence/3`: when that is over sooner it is looked at then. */
  by?: string;
}

/** What became of one reported alert; stored in the receipt and printed by `muster plan`. */
export type Outcome =
  | 'opened'
  | 'triaged'
  | 'attached'
  | 'repeat'
  | 'resolved'
  | 'resolved-unseen'
  | 'ignored-stale'
  | 'dismissed'
  | 'ignored'
  | 'suppressed';

export interface Receipt {
  id: string;
  source: string;
  receivedAt: number;
  /** `fingerprint` is empty for what was no alert. */
  outcomes: { fingerprint: string; name: string; outcome: Outcome; incidentId: string | null; why: string }[];
}
