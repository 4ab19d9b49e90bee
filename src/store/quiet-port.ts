import type { Episode } from '../alerts/alert.js';
import type { Silence } from '../quiet/silence.js';

export type SilenceWrite =
  | { set: Silence }
  | { end: number; at: number }
  /** It holds until then; not if it has ended. */
  | { extend: number; untilAt: number };

/** Requests a source brought in one hour that were taken. */
export interface SourceHour {
  name: string;
  /** Its beginning, ms since the epoch. */
  at: number;
  requests: number;
}

/** What is kept quiet, and how often sources are heard. Part of the Store; a silence is written by a commit. */
export interface QuietMemory {
  /** Those that have not ended, by number. */
  silences(): Promise<Silence[]>;
  /** Greater than all there have been. */
  nextSilence(): Promise<number>;
  /** How many alerts that fire each holder keeps quiet. */
  heldCounts(): Promise<{ by: string; count: number }[]>;
  /** The newest that fire and are held by it. */
  heldBy(by: string, limit: number): Promise<Episode[]>;
  /** What it holds is due at this time. */
  releaseHeld(by: string, at: number): Promise<void>;
  /** Notes that whoever set it has been told that it ends soon. False: that was noted already. */
  warnedOfEnd(number: number, untilAt: number): Promise<boolean>;

  /** Hours from this time on. */
  sourceHours(since: number): Promise<SourceHour[]>;
  /** Minutes in which Muster was there to hear; counted like a source without a name. */
  markHour(at: number, minutes: number): Promise<void>;
  forgetHours(before: number): Promise<void>;
  /** Notes since when a source is silent against its own rate; null: it is not. False: that was noted already. */
  sourceSilent(name: string, since: number | null): Promise<boolean>;
  /** Sources noted as silent, with since when. */
  silentSources(): Promise<{ name: string; since: number }[]>;
}
