import { type FSWatcher, unwatchFile, watch, watchFile } from 'node:fs';
import { basename, dirname } from 'node:path';

interface Pace {
  /** Editors write in several goes: a change counts once nothing has happened for this long. */
  settledAfterMs: number;
  /** Where the system does not tell of changes (network folders, mounted secrets), they are looked for. */
  lookEveryMs: number;
}

/**
 * Calls back after the file has changed, appeared or gone, also when it is replaced by another. May call without a
 * change. Keeps no process alive. Answers how to stop.
 */
export function watchConfig(
  file: string,
  onChange: () => void,
  { settledAfterMs, lookEveryMs }: Pace = { settledAfterMs: 300, lookEveryMs: 2_000 },
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, settledAfterMs).unref();
  };
  const looked = watchFile(file, { interval: lookEveryMs, persistent: false }, changed);
  const watcher = folderWatcher(dirname(file), (name) => {
    if (name === null || name === basename(file)) changed();
  });
  return () => {
    clearTimeout(timer);
    looked.removeListener('change', changed);
    unwatchFile(file, changed);
    watcher?.close();
  };
}

/**
 * Calls back after something in the folder has changed, where the system tells of it; nothing in folders below it. May
 * call without a change. Answers how to stop.
 */
export function watchFolder(folder: string, onChange: () => void, settledAfterMs = 300): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = folderWatcher(folder, () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, settledAfterMs).unref();
  });
  return () => {
    clearTimeout(timer);
    watcher?.close();
  };
}

/** null: this system cannot watch; looking has to do. */
function folderWatcher(folder: string, onEvent: (name: string | null) => void): FSWatcher | null {
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => onEvent(name));
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return null;
  }
}
