import Sqlite from 'better-sqlite3';

export interface Pair {
  from: string;
  to: string;
}
/** How much of all is copied, from 0 to 1. */
export type Progress = (share: number) => void;

/** 400 KB: about a millisecond, after which whatever else the process does has its turn. */
const pagesAtOnce = 100;

/**
 * Copies SQLite files that somebody may be writing, all as they are at one moment, the first a little before the
 * second. Writers never wait for it.
 */
export async function snapshotSqlite(pairs: readonly Pair[], onProgress: Progress = () => {}): Promise<void> {
  const sources = pairs.map(({ from }) => new Sqlite(from, { readonly: true, fileMustExist: true }));
  try {
    for (const source of sources) {
      source.pragma('busy_timeout = 5000');
      // A snapshot held open: what others write meanwhile would make the copy begin anew, again and again.
      source.exec('BEGIN');
      source.prepare('SELECT count(*) FROM sqlite_schema').get();
    }
    const shares = pairs.map(() => 0);
    for (const [n, { to }] of pairs.entries()) {
      await sources[n]!.backup(to, {
        progress({ totalPages, remainingPages }) {
          shares[n] = totalPages === 0 ? 0 : 1 - remainingPages / totalPages;
          onProgress(shares.reduce((sum, share) => sum + share, 0) / shares.length);
          return pagesAtOnce;
        },
      });
      alone(to);
    }
  } finally {
    for (const source of sources) source.close();
  }
  onProgress(1);
}

/** Whoever is signed in where it was made is not where it is restored, and the disk is another. */
const ofTheMoment = ['sessions', 'links', 'page_links', 'disk_samples'];

/** Everything in the one file, no log beside it; nobody signed in. */
export function alone(file: string): void {
  const copy = new Sqlite(file, { fileMustExist: true });
  try {
    copy.pragma('secure_delete = ON');
    const known = copy.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`);
    for (const table of ofTheMoment) if (known.get(table)) copy.exec(`DELETE FROM "${table}"`);
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
}
