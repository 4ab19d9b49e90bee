/** A message of a chat that stands on the timeline: what the row remembers of it. */
export interface Kept {
  /** Of the entry that keeps it. */
  seq: number;
  platform: string;
  channel: string;
  message: string;
  /** Who said it; null: nobody Muster knows. */
  by: string | null;
  /** Of what it says now. */
  digest: string;
  /** It was deleted where it was said. */
  withdrawn: boolean;
  /** Something of what it said was erased here. */
  erased: boolean;
}

const prime = 0x100000001b3n;

/** Tells one text from another; it proves nothing. */
export function digest(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index++)
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * prime);
  return hash.toString(36);
}
