import type { Episode, Outcome, Receipt } from '../alerts/alert.js';
import type { RecentChange } from '../alerts/changed.js';
import type { EventType, TimelineEvent } from '../incident/events.js';
import type { PostTo, TaskDraft } from '../incident/jobs.js';
import type { Actor, Incident, Severity, Status } from '../incident/state.js';
import type { Card } from '../messages/card.js';
import type { Notice } from '../messages/notice.js';
import type { Viewer } from '../people/viewer.js';
import type { Access, KnownPerson } from './access-port.js';
import type { KeptBodies } from './bodies-port.js';
import type { RecentChanges } from './changes-port.js';
import type { ChatMemory } from './chat-port.js';
import type { Erasing } from './erasing-port.js';
import type { Holding } from './held-port.js';
import type { OnCallMemory, OverrideWrite } from './oncall-port.js';
import type { Pruning } from './pruning-port.js';
import type { QuietMemory, SilenceWrite } from './quiet-port.js';
import type { Subscriptions, SubscriptionWrite } from './subscriptions-port.js';

/** An event about to be written; `seq` follows from `Change.stream`. */
export interface NewEvent {
  type: EventType | SystemEventType;
  at: number;
  recordedAt: number;
  actor: Actor;
  body: unknown;
}
/** Events of the `system` stream. */
export type SystemEventType =
  | 'checkpoint'
  | 'configAdopted'
  | 'configRefused'
  | 'sourceRefused'
  | 'backupMade'
  | 'backupFailed'
  | 'restored'
  | 'heldReleased'
  | 'approvalBypassed'
  | 'diskFilling'
  | 'timersLost'
  | 'chatTrouble'
  | 'chatWell'
  | 'chatLost'
  | 'chatBack'
  | 'signedIn'
  | 'signInRefused'
  | 'signedOutEverywhere'
  | 'tokenIssued'
  | 'tokenRevoked'
  | 'personRemoved'
  | 'personRestored'
  | 'overrideSet'
  | 'overrideDropped'
  | 'subscribed'
  | 'unsubscribed'
  | 'rosterLost'
  | 'rosterBack'
  | 'silenceSet'
  | 'silenceExtended'
  | 'silenceEnded'
  | 'sourceSilent'
  | 'sourceBack';

/** A task as stored: a post carries its frozen card. */
export type Task =
  | Exclude<TaskDraft, { kind: 'post' }>
  | { kind: 'post'; incidentId: string; platform: string; to: PostTo; card: Card; revises?: true };

/**
 * The same key replaces what waits, whatever became of earlier tries. A card that waits already keeps its place and
 * its earliest due time, and is due at the earliest a second after its last delivery. Whoever carries the job out just
 * now goes on; the newer revision is handed out when that has ended.
 */
export type JobWrite =
  | {
      put: {
        key: string;
        lane: string | null;
        position: number;
        dueAt: number;
        platform: string | null;
        incidentId: string;
        task: Task;
      };
    }
  | { drop: string }
  /** All that waits there for this incident; what is given up stays. */
  | { clear: { incidentId: string; platform: string } };

/** A job in hand. Only the holder of `fence` and `revision` may finish it. */
export interface Lease {
  key: string;
  revision: number;
  fence: number;
  task: Task;
  lane: string | null;
  dueAt: number;
  /** Times handed out; 1 on the first try. Above 1 an earlier try may have reached the world: look before posting. */
  attempt: number;
  /** Earlier tries of this revision that count towards giving up. */
  spent: number;
}

/** What the world answered to a post or card, so that it can be edited and found again. */
export interface Delivery {
  jobKey: string;
  incidentId: string;
  platform: string;
  channel: string;
  message: string;
  at: number;
}

/** One stream's part of a commit. All changes given to `commit` are written together or not at all. */
export interface Change {
  /** null: nothing is said on a timeline (a repeated alert, a delivery). `expectedSeq` 0 and prevHash '' open a new stream. */
  stream: { id: string; expectedSeq: number; prevHash: string } | null;
  events: NewEvent[];
  /** The row after the events; null when there are none. */
  incident: Incident | null;
  episodes?: Episode[];
  /** Ids of episodes merged into another. */
  episodesGone?: string[];
  jobs?: JobWrite[];
  receipts?: Receipt[];
  /** What these requests say was changed. */
  changes?: RecentChange[];
  /** A person or platform command's id and the answer to repeat on a replay. */
  answered?: { id: string; at: number; reply: unknown };
  /**
   * Finishes this job in the same commit, as `done` does. When somebody else holds it or has finished it, the whole
   * commit is a ConflictError; a job only put again or dropped meanwhile is none: the work was carried out.
   */
  done?: Lease;
  delivery?: Delivery;
  /** Playbook texts by content hash; written once. */
  playbooks?: { hash: string; playbookId: string; text: string }[];
  /** What the events tell outside chat. */
  notices?: Notice[];
  /** A dropped one that is not there any more makes the whole commit a ConflictError on `override`. */
  overrides?: OverrideWrite[];
  /** One that has ended, or a number that is taken, makes the whole commit a ConflictError on `silence`. */
  silences?: SilenceWrite[];
  subscriptions?: SubscriptionWrite[];
  postmortem?: { incidentId: string; version: number; at: number; markdown: string; sha256: string };
}

/** Somebody else wrote first: load again and decide again, one stream at a time. */
export class ConflictError extends Error {
  constructor(
    readonly streams: string[],
    options?: { cause?: unknown },
  ) {
    super(`conflict on ${streams.join(', ') || 'a unique key'}`, options);
    this.name = 'ConflictError';
  }
}

export interface Loaded {
  incident: Incident;
  seq: number;
  head: string;
}

/** `remnant` makes what is left of the event's body, without what is to be nowhere any more. */
export interface Redaction {
  reason: string;
  actor: Actor;
  at: number;
  remnant: (event: TimelineEvent) => unknown;
}

/** What `verify` found. `ok` only when every stream is whole. */
export interface Verification {
  ok: boolean;
  streams: number;
  events: number;
  redacted: number;
  problems: { stream: string; seq: number | null; what: string }[];
}

export interface SourceFigures {
  name: string;
  lastSeenAt: number | null;
  requests: number;
  refused: number;
  lastRefusal: { at: number; status: number; error: string } | null;
  outcomes: Partial<Record<Outcome, number>>;
}

/** What the store holds, in counts; nothing in it names a person or an incident. */
export interface LedgerFigures {
  /** `due` ones wait for their turn, `waiting` ones for their time, `held` ones for somebody's word. `lane` says what for; a timer has none. */
  jobs: {
    state: 'waiting' | 'due' | 'held' | 'quarantined';
    lane: 'incident' | 'page' | 'system' | 'timer';
    platform: string | null;
    count: number;
    oldestDueAt: number;
  }[];
  /** Those that are neither closed nor dismissed, without drills. */
  incidents: { severity: Severity; status: Status; count: number }[];
  sizeBytes: number;
  /** Of the write-ahead log beside the file; null where the database keeps it to itself. */
  logBytes: number | null;
}

/**
 * The whole persistence of Muster. SQLite and PostgreSQL behave the same. Every method may throw `ConflictError`
 * (commit only) or a plain error when the database cannot be used; nothing is half-written. Reads that answer people
 * take a `viewer` and leave out what that viewer may not see.
 */
export interface Store
  extends ChatMemory,
    Access,
    Holding,
    Erasing,
    Pruning,
    OnCallMemory,
    QuietMemory,
    KeptBodies,
    RecentChanges,
    Subscriptions {
  /** Durable when the promise resolves: SQLite with synchronous=FULL, PostgreSQL with synchronous_commit=on. */
  commit(changes: readonly Change[]): Promise<void>;

  /**
   * Leases up to `limit` due jobs in the order in which they fell due; of a lane only the first by position, and none
   * while another of it is in hand. A head that waits to be tried again blocks its lane; a future or quarantined job
   * does not, nor does one whose platform is paused. Each call raises the fence of what it hands out; a fence is never
   * given twice.
   */
  lease(now: number, until: number, limit: number): Promise<Lease[]>;
  /**
   * The job is finished and caused no event. False: somebody else holds it or has finished it, and nothing changed. A
   * job that was put again meanwhile stays, as its newer revision, and is free from now on; one that was dropped is gone.
   */
  done(lease: Lease, delivery?: Delivery): Promise<boolean>;
  /** False: not noted, because the lease is stale, or the job was put again or dropped meanwhile. `retryAt` null: never again; the job is quarantined, visible, and no longer blocks its lane. `spent` false: this try does not count. */
  failed(lease: Lease, failure: { error: string; retryAt: number | null; spent: boolean }): Promise<boolean>;
  /** No job of this platform is leased before `until`. */
  pausePlatform(platform: string, until: number, reason: string): Promise<void>;
  /** When the next job will be ready, or null. */
  nextDueAt(now: number): Promise<number | null>;
  /** At start of a single-process store: leases of a dead process are free at once. PostgreSQL: only those expired. */
  recoverLeases(now: number): Promise<number>;
  jobs(filter: { state?: 'waiting' | 'quarantined'; limit: number }): Promise<
    {
      key: string;
      lane: string | null;
      dueAt: number;
      state: string;
      attempts: number;
      lastError: string | null;
      incidentId: string;
    }[]
  >;
  /** Keys of all timers, in hand, held and given up ones included. */
  timerKeys(): Promise<string[]>;
  /** A quarantined job is tried again at once, with all its tries. False: there is no such one. */
  retryJob(key: string): Promise<boolean>;
  /** A quarantined job is forgotten. False: there is no such one. */
  dropJob(key: string): Promise<boolean>;
  delivery(jobKey: string): Promise<Delivery | null>;

  answered(commandIds: readonly string[]): Promise<Map<string, unknown>>;
  load(incidentId: string): Promise<Loaded | null>;
  nextNumber(): Promise<number>;

  /** The snapshot `plan` needs. Episodes: the newest eight per (source, fingerprint). Incidents: per group key the open one, else the latest ended one. */
  episodes(keys: readonly { source: string; fingerprint: string }[]): Promise<Episode[]>;
  byGroupKey(keys: readonly string[]): Promise<Loaded[]>;
  /** Open incidents without a group key, the newest 200: those that people declared. */
  openUngrouped(): Promise<Loaded[]>;
  /** The group keys of its alerts that fire, each once; Muster's own question, for no viewer. */
  firingGroups(incidentId: string): Promise<string[]>;
  /** Where the `system` stream stands: what a change that adds to it says in `stream`. */
  systemPosition(): Promise<NonNullable<Change['stream']>>;

  incident(
    viewer: Viewer,
    by: { id: string } | { number: number } | { platform: string; channel: string },
  ): Promise<Incident | null>;
  /** Newest first. `triage`: the entries without a number; otherwise the declared ones. */
  incidents(
    viewer: Viewer,
    filter: { status?: Status[]; limit: number; offset: number; triage?: boolean },
  ): Promise<{ incidents: Incident[]; total: number }>;
  timeline(viewer: Viewer, incidentId: string): Promise<TimelineEvent[]>;
  alerts(
    viewer: Viewer,
    incidentId: string,
    page: { limit: number; offset: number },
  ): Promise<{ alerts: Episode[]; total: number }>;
  postmortem(
    viewer: Viewer,
    incidentId: string,
    version?: number,
  ): Promise<{ version: number; at: number; markdown: string } | null>;
  /** The newest `limit` episodes that began at or after `since`, newest first; Muster's own question, for no viewer. */
  episodesSince(since: number, limit: number): Promise<Episode[]>;
  /** Those that fire and are to be looked at by now without a report, the longest due first. */
  episodesDue(now: number, limit: number): Promise<Episode[]>;
  /** null: there is none, or something it said has been erased. */
  notice(incidentId: string, seq: number): Promise<Notice | null>;
  /** The newest `limit` of all incidents, newest first: what anybody may read. */
  notices(limit: number, level?: 'inside' | 'everybody'): Promise<Notice[]>;
  receipt(id: string): Promise<Receipt | null>;
  playbook(hash: string): Promise<{ hash: string; playbookId: string; text: string } | null>;

  /** Names people use; `personId` is stable, the name may change. */
  person(personId: string): Promise<KnownPerson | null>;
  /** Those who have left too. */
  people(): Promise<KnownPerson[]>;
  /** Who is behind a platform's user id; makes nobody known. */
  find(platform: string, externalId: string): Promise<KnownPerson | null>;
  /**
   * Finds or creates the person behind a platform's user id. Somebody whom this platform shows for the first time, with
   * the e-mail address of a person already known, is that person. Another name than in other capitals renames whoever has
   * this one account.
   */
  identify(
    platform: string,
    externalId: string,
    name: string,
    email?: string | null,
  ): Promise<{ personId: string; name: string }>;
  /**
   * Makes somebody known by name beforehand. A person whom a platform knows by one of `identities` already, or by this
   * e-mail address, keeps the id they have; the identities nobody has become theirs.
   */
  putPerson(
    person: { personId: string; name: string; email?: string | null },
    identities: readonly { platform: string; externalId: string }[],
  ): Promise<{ personId: string; name: string }>;

  /** Names under which anything was ever sent, taken or not. */
  sourcesHeard(): Promise<string[]>;
  sourceFigures(name: string): Promise<SourceFigures | null>;
  addToSource(
    name: string,
    add: {
      requests: number;
      refused: number;
      lastSeenAt: number | null;
      lastRefusal: SourceFigures['lastRefusal'];
      outcomes: SourceFigures['outcomes'];
    },
  ): Promise<void>;

  /** Counts for a scrape; Muster's own question, for no viewer. */
  figures(now: number): Promise<LedgerFigures>;
  /** Every error the database itself finds in what it keeps; reads all of it. PostgreSQL keeps its own watch: none. */
  damage(): Promise<string[]>;
  /** What the database's clock says, ms since the epoch; null: it has none of its own. */
  clock(): Promise<number | null>;

  /** Walks every chain from the first event, compares with rows, heads and the last checkpoint. Yields to the event loop. */
  verify(onProgress?: (events: number) => void): Promise<Verification>;
  /** Writes the heads of all streams that have changed since the last checkpoint on `system`. */
  checkpoint(now: number): Promise<void>;
  /** Cheap question to the database: can it be written right now? Throws what is wrong. */
  ready(): Promise<void>;
  close(): Promise<void>;
}
