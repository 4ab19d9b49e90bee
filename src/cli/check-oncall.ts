import { existsSync } from 'node:fs';
import type { Config } from '../config/config.js';
import { storeLocation } from '../config/locations.js';
import { literal } from '../messages/literal.js';
import { examineSchedules, type ScheduleFault } from '../oncall/examine.js';
import type { Override } from '../oncall/shift.js';
import { openStore } from '../store/open.js';

/** What the schedules lack in the next 30 days; overrides count where there is a database that can be read. */
export async function scheduleFaults(config: Config, now: number): Promise<ScheduleFault[]> {
  if (config.onCall.length === 0) return [];
  return examineSchedules(config.onCall, { people: config.people, overrides: await overridesOf(config, now), now });
}

async function overridesOf(config: Config, now: number): Promise<Override[]> {
  const location = storeLocation(config);
  if (location.kind === 'sqlite' && !existsSync(location.file)) return [];
  try {
    const store = await openStore(location, { mode: 'read' });
    try {
      return await store.overrides(now);
    } finally {
      await store.close();
    }
  } catch {
    // That the database cannot be read is an error of its own there, and told.
    return [];
  }
}

export const faultLines = (faults: readonly ScheduleFault[]): string[] =>
  faults.map(({ schedule, what, fix }) => literal(`on-call.schedules.${schedule} warning ${what} (${fix})`));
