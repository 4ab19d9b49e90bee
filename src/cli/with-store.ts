import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Config } from '../config/config.js';
import { storeLocation } from '../config/locations.js';
import { fold } from '../incident/evolve.js';
import type { Actor } from '../incident/state.js';
import { openStore } from '../store/open.js';
import type { Store } from '../store/port.js';
import { fail, unable } from './output.js';
import { settings } from './settings.js';

/** Does something in the database itself, beside a running Muster or without one. What goes wrong is said. */
export async function withStore(
  work: (store: Store, config: Config) => Promise<void>,
  mode: 'asIs' | 'read' = 'asIs',
): Promise<void> {
  const config = settings();
  if (!config) return;
  const location = storeLocation(config);
  if (location.kind === 'sqlite' && !existsSync(location.file))
    return fail(
      unable,
      `there is no database at ${location.file}`,
      'Set MUSTER_DATA to the folder Muster runs with, or make one with: muster migrate',
    );
  try {
    const store = await openStore(location, { fold, mode });
    try {
      await work(store, config);
    } finally {
      await store.close();
    }
  } catch (error) {
    fail(unable, error instanceof Error ? error.message : String(error));
  }
}

/** Whoever sits at the shell, as the `system` stream names them. */
export const atTheShell = (): Actor => ({ kind: 'machine', name: `shell/${userName()}` });

function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    // A container's user may have no name.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return String(process.getuid?.() ?? 'unknown');
  }
}
