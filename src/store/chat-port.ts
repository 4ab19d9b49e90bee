/** What chat adapters keep and ask; Muster's own, for no viewer. */
export interface ChatMemory {
  /** What this platform calls a person; null: that is not known. */
  accountOn(platform: string, personId: string): Promise<string | null>;
  /** Channels on this platform of incidents that have not ended. */
  openChannels(platform: string): Promise<{ channel: string; incidentId: string }[]>;
  mark(platform: string, name: string): Promise<string | null>;
  /** A short note of an adapter's own, in place of the last under that name. */
  setMark(platform: string, name: string, value: string): Promise<void>;
}
