/** A request with alerts as it came, its secrets hidden. */
export interface KeptBody {
  /** The receipt's. */
  id: string;
  source: string;
  receivedAt: number;
  method: string;
  headers: Record<string, string>;
  query: Record<string, string>;
  /** null: it was too large to keep, or no text. */
  body: string | null;
}

/** Of one source, of some time, or both; the newest first. */
export interface BodiesAsked {
  source?: string;
  /** From then on. */
  since?: number;
  limit: number;
}

export interface KeptBodies {
  /** Keeps them, and of each of their sources no more than the newest `atMost`. One that is there already stays as it is. */
  keepBodies(bodies: readonly KeptBody[], atMost: number): Promise<void>;
  bodies(asked: BodiesAsked): Promise<KeptBody[]>;
  /** null: it was not kept, or not for so long. */
  body(id: string): Promise<KeptBody | null>;
}
