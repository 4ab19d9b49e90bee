/** What may go after its time. The timelines, their incidents, postmortems and playbooks are kept for ever. */
export const prunable = [
  'answers',
  'receipts',
  'deliveries',
  'episodes',
  'notices',
  'sources',
  'bodies',
  'changes',
] as const;
export type Prunable = (typeof prunable)[number];

/** How much there was at a moment. `freeBytes`: left on the disk it lies on; null: not ours to know. */
export interface DiskSample {
  at: number;
  dataBytes: number;
  freeBytes: number | null;
}

export interface Pruning {
  /**
   * Removes at most `limit` of the oldest rows of this kind that nobody has needed since `before`, in one short
   * transaction; answers how many. What belongs to an incident stays until that has been over since then.
   */
  prune(what: Prunable, before: number, limit: number): Promise<number>;
  /** Keeps a sample, and no more than the newest `keep`. Of two at the same time the first stays. */
  sampleDisk(sample: DiskSample, keep: number): Promise<void>;
  /** Oldest first. */
  diskSamples(): Promise<DiskSample[]>;
  /** What the database takes on its disk, its write-ahead log included. */
  dataBytes(): Promise<number>;
  /** How urgently it was last told that the disk fills; 0: not at all. */
  diskTold(): Promise<number>;
  setDiskTold(level: number): Promise<void>;
}
