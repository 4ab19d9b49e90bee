/** What chat adapters keep and ask; Muster's own, for no viewer. */
export interface ChatMemory {
  /** What this platform calls a person; null: that is not known. */
  accountOn(platform: string, personId: string): Promise<string | null>;
  /** Channels on this platform of incidents that have not ended. */
  openChannels(platform: string): Promise<{ channel: string; incidentId: string }[]>;
  /** Ids of open incidents that live on this platform and are there. */
  atHome(platform: string): Promise<string[]>;
  /** Ids of incidents, ended or not, that live there and go on elsewhere. */
  awayFrom(platform: string): Promise<string[]>;
  /** Until when no job of this platform is leased; null: they are. */
  pausedUntil(platform: string, now: number): Promise<number | null>;
  mark(platform: string, name: string): Promise<string | null>;
  /** A short note of an adapter's own, in place of the last under that name. */
  setMark(platform: string, name: string, value: string): Promise<void>;
  /** The same, only where the last one is `from` (null: there is none). False: it is not, and nothing changed. */
  swapMark(platform: string, name: string, from: string | null, value: string): Promise<boolean>;
}
