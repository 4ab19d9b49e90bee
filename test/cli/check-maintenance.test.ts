import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { windowLines, windowsShown } from '../../src/cli/check-maintenance.js';
import type { Config } from '../../src/config/config.js';
import { storeLocation } from '../../src/config/locations.js';
import { readConfig } from '../../src/config/read.js';
import { fold } from '../../src/incident/evolve.js';
import { openStore } from '../../src/store/open.js';
import { aside, episode } from '../contracts/ledger.js';

const noon = Date.UTC(2026, 10, 21, 12, 0);
const file = `open-on-loopback: true
maintenance:
  nightly: { services: [registry], every: "30 2 * * *", for: 2h, zone: Europe/Berlin, because: backup }
  never: { names: [Nope], every: "0 0 30 2 *", for: 1h, because: typo }
`;

let folder: string;
let config: Config;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-check-'));
  writeFileSync(join(folder, 'muster.yaml'), file);
  const read = readConfig({ MUSTER_DATA: join(folder, 'data') }, folder);
  if (Array.isArray(read)) throw new Error(JSON.stringify(read));
  config = read;
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the maintenance windows that muster check shows', () => {
  it('have their next three times', async () => {
    expect(windowLines(await windowsShown(config, noon))).toEqual([
      'maintenance.nightly next 22 Nov 02:30 +01:00 Europe/Berlin until 22 Nov 04:30 +01:00 Europe/Berlin; 23 Nov 02:30 +01:00 Europe/Berlin until 23 Nov 04:30 +01:00 Europe/Berlin; 24 Nov 02:30 +01:00 Europe/Berlin until 24 Nov 04:30 +01:00 Europe/Berlin',
      'maintenance.never next never',
    ]);
  });

  it('say which alerts of the last week they would have held, by when those began', async () => {
    const store = await openStore(storeLocation(config), { fold });
    const at = (day: number, hour: number): { startedAt: number } => ({ startedAt: Date.UTC(2026, 10, day, hour) });
    await store.commit([
      aside({
        episodes: [
          episode('held', { ...at(20, 2), name: 'DiskFull' }),
          episode('later', { ...at(20, 5), name: 'Later' }),
          episode('other', { ...at(20, 2), name: 'Other', service: 'ci' }),
          episode('leak', { ...at(20, 2), name: 'SecretLeaked' }),
          episode('old', { ...at(10, 2), name: 'Old' }),
        ],
      }),
    ]);
    await store.close();
    const [nightly, never] = await windowsShown(config, noon);
    expect(nightly?.taken).toEqual({ alerts: 1, names: 'DiskFull of registry', heard: 1 });
    expect(windowLines([nightly!])[0]).toContain(
      '; 1 alert of the last 7 days would have been held: DiskFull of registry, and not 1 suspected compromise',
    );
    expect(never?.taken?.alerts).toBe(0);
  });
});
