import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from './config.js';
import { readConfig } from './read.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-maintenance-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function read(text: string): ReturnType<typeof readConfig> {
  writeFileSync(join(folder, 'muster.yaml'), `open-on-loopback: true\n${text}`);
  return readConfig({}, folder);
}
const configured = (text: string): Config => {
  const config = read(text);
  if (Array.isArray(config)) throw new Error(JSON.stringify(config));
  return config;
};
const windowsOf = (window: string): Config => configured(`maintenance:\n  w: { ${window}, because: disks }\n`);
const problems = (window: string): string[] => {
  const config = read(`maintenance:\n  w: { ${window} }\n`);
  const all = Array.isArray(config) ? config : config.warnings;
  return all.map(({ what, fix }) => `${what} ${fix}`);
};

describe('maintenance windows in muster.yaml', () => {
  it('are once, by the clock of their zone, to the end of their last day', () => {
    const { maintenance } = windowsOf('everything: true, from: 2031-03-30 02:30, for: 2h, zone: Europe/Berlin');
    const jump = Date.parse('2031-03-30T01:00Z');
    expect(maintenance).toEqual([
      {
        ...{ name: 'w', what: { everything: true }, because: 'disks', zone: 'Europe/Berlin' },
        when: { fromAt: jump, untilAt: jump + 2 * 3_600_000 },
      },
    ]);
    expect(windowsOf('sources: [a], from: 2031-01-01, until: 2031-01-02').maintenance[0]?.when).toEqual({
      fromAt: Date.parse('2031-01-01T00:00Z'),
      untilAt: Date.parse('2031-01-03T00:00Z'),
    });
    const said = windowsOf('sources: [a], from: 2031-07-01T10:00Z, until: 2031-07-01 14:00, zone: Europe/Berlin');
    expect(said.maintenance[0]?.when).toEqual({
      fromAt: Date.parse('2031-07-01T10:00Z'),
      untilAt: Date.parse('2031-07-01T12:00Z'),
    });
  });

  it('come again by cron or by an RRULE, for services by their own name', () => {
    const text = `services: { registry: { tier: 2, aliases: [oci] } }
maintenance:
  a: { services: [oci, ci], labels: { job: backup }, every: "30 2 * * sat", for: 90m, because: x }
  b: { names: ["Disk*"], every: "FREQ=MONTHLY;BYDAY=1SA", from: 2026-01-03 02:00, until: 2031-01-01, for: 3h, because: x }
`;
    const [a, b] = configured(text).maintenance;
    expect(a?.what).toEqual({ services: ['registry', 'ci'], labels: { job: 'backup' } });
    expect(a?.when).toEqual({ every: '30 2 * * sat', lastsFor: 5_400_000, fromWall: null, untilWall: null });
    expect(b?.when).toMatchObject({ fromWall: Date.UTC(2026, 0, 3, 2), untilWall: Date.UTC(2031, 0, 2) });
  });

  it.each([
    ['everything: true, every: "61 2 * * *", for: 1h, because: x', 'does not say when it repeats'],
    ['everything: true, every: "0 2 * * *", because: x', 'does not say when it is'],
    ['everything: true, from: 2031-01-01, because: x', 'does not say when it is'],
    ['everything: true, from: 2031-01-01, until: 2031-01-02, for: 1h, because: x', 'does not say when it is'],
    ['every: "0 2 * * *", for: 1h, because: x', 'does not say which alerts it is for'],
    ['everything: true, names: [x], every: "0 2 * * *", for: 1h, because: x', 'does not say which alerts it is for'],
    ['everything: true, every: "FREQ=DAILY", for: 1h, because: x', 'begins nowhere'],
    ['everything: true, every: "0 2 * * *", for: 40d, because: x', 'is too long'],
    ['everything: true, from: 2031-02-30, for: 1h, because: x', 'is not a day or a time'],
    ['everything: true, from: 2031-02-02, until: 2031-02-01, because: x', 'ends before it begins'],
    ['everything: true, every: "0 2 * * *", for: 1h', 'because'],
    ['everything: true, every: "0 0 30 2 *", for: 1h, because: x', 'never is'],
    ['everything: true, every: "0 * * * *", for: 1h, because: x', 'is always'],
    ['everything: true, from: 2020-01-01, for: 1h, because: x', 'is over'],
  ])('that cannot be meant are told: %s', (window, wanted) => {
    expect(problems(window).join('\n')).toContain(wanted);
  });

  it('of a source say how often it has to be heard', () => {
    const text = `services: { ci: { tier: 2 }, registry: { tier: 2 } }
sources:
  a: { kind: heartbeat, default-service: ci, expect: { every: 1h } }
  b: { kind: grafana, expect: { every: 5m, grace: 2m, severity: Warning, service: registry } }
  c: { kind: generic }
`;
    expect(configured(text).sources.map(({ expect: expected }) => expected)).toEqual([
      { everyMs: 3_600_000, graceMs: 1_800_000, severity: 'critical', service: 'ci' },
      { everyMs: 300_000, graceMs: 120_000, severity: 'warning', service: 'registry' },
      null,
    ]);
  });
});
