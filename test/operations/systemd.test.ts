import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drainWithinMs } from '../../src/cli/serve.js';
import { program, run } from '../fakes/program.js';

const unit = readFileSync('examples/systemd/muster.service', 'utf8');
const analyze = program('systemd-analyze', { from: 'systemd', variable: 'SYSTEMD_ANALYZE' });
const hint = analyze.missing ? ` (${analyze.missing})` : '';
const setting = (name: string): string | undefined => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1];
/** 10 is what a service without any of this has; below 2 systemd calls it OK. */
const exposureAtMost = 1.5;

describe('the systemd unit', () => {
  it.skipIf(analyze.missing !== null)(`is one that systemd understands${hint}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-unit-'));
    const file = join(folder, 'muster.service');
    // Node may be elsewhere here than the unit says.
    writeFileSync(file, unit.replace('/usr/bin/node', process.execPath));
    const { code, said } = await run(analyze, ['verify', file]);
    rmSync(folder, { recursive: true });
    expect([code, said.replaceAll(/^.*(?:Unit|Failed to (?:connect|prepare)|systemd\d*\.).*$\n?/gm, '')]).toEqual([
      0,
      '',
    ]);
  });

  it.skipIf(analyze.missing !== null)(`leaves the service little that it could do${hint}`, async () => {
    const { code, said } = await run(analyze, [
      'security',
      '--offline=true',
      '--no-pager',
      'examples/systemd/muster.service',
    ]);
    const [, exposure] = /Overall exposure level for muster\.service: ([\d.]+)/.exec(said) ?? [];
    expect(code, said).toBe(0);
    expect(Number(exposure)).toBeLessThan(exposureAtMost);
  });

  it('gives Muster the time it takes to drain, and hands it secrets as files', () => {
    expect(Number(setting('TimeoutStopSec')) * 1_000).toBeGreaterThan(drainWithinMs);
    expect(setting('KillMode')).toBe('mixed');
    const credentials = [...unit.matchAll(/^LoadCredential=([\w-]+):/gm)].map(([, name]) => name);
    const handed = [...unit.matchAll(/^Environment=\w+_FILE=%d\/([\w-]+)$/gm)].map(([, name]) => name);
    expect(credentials.length).toBeGreaterThan(1);
    expect(handed).toEqual(credentials);
  });
});
