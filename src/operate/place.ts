import type { Readable } from 'node:stream';

export interface Kept {
  name: string;
  /** When it was begun. */
  at: number;
  bytes: number;
}

/** Where archives are kept. Everything throws a plain error that says what went wrong there. */
export interface Place {
  /** For people: a folder, or s3://bucket/prefix. */
  words: string;
  /** Whole and durable when the promise resolves; otherwise nothing of that name is there. */
  put(name: string, bytes: Readable): Promise<void>;
  /** Newest first; only what has the name of an archive. */
  list(): Promise<Kept[]>;
  /** A file of this machine to read it from: the archive itself, or a copy in `folder`. */
  fetch(name: string, folder: string): Promise<string>;
  remove(name: string): Promise<void>;
}
