import type { CalendarTime } from '../oncall/calendar/read.js';
import type { Override } from '../oncall/shift.js';

/** What was last read of a schedule's calendar, and how reading it goes. */
export interface KeptRoster {
  schedule: string;
  /** A digest of where it is read from: a copy of another place is of no use. */
  source: string;
  /** What the server calls this version; null: it does not say. */
  etag: string | null;
  modified: string | null;
  /** When it was last read whole, or found unchanged; null: never. */
  readAt: number | null;
  /** Until when it was followed. */
  coversUntil: number;
  times: CalendarTime[];
  /** What was left out or guessed. */
  notes: string[];
  triedAt: number;
  /** Since when it cannot be read; null: it can. */
  failingSince: number | null;
  /** Tries since then. */
  failures: number;
  error: string | null;
}

export type OverrideWrite = { set: Override } | { drop: string; at: number };

/** Who is on call, as far as it is not in the configuration. Part of the Store; an override is written by a commit. */
export interface OnCallMemory {
  rosters(): Promise<KeptRoster[]>;
  /** In place of the last of this schedule. */
  keepRoster(roster: KeptRoster): Promise<void>;
  /** Notes whether operators have been told that it cannot be read. False: that was noted already. */
  rosterTold(schedule: string, told: boolean): Promise<boolean>;
  /** Those that are not dropped and end after this time. */
  overrides(after: number): Promise<Override[]>;
}
