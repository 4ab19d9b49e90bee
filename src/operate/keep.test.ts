import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archiveName, archiveTime } from './archive-name.js';
import { expired } from './keep.js';

const kept = (...times: string[]) =>
  times.map((time) => ({ name: archiveName(Date.parse(time), false), at: Date.parse(time), bytes: 1 }));
const days = (all: ReturnType<typeof kept>): string[] => all.map(({ at }) => new Date(at).toISOString().slice(0, 13));

describe('which backups need not stay', () => {
  it('those that are neither among the newest nor the newest of a day or month kept', () => {
    const all = kept(
      '2026-11-21T12:00Z',
      '2026-11-21T06:00Z',
      '2026-11-21T00:00Z',
      '2026-11-20T18:00Z',
      '2026-11-20T06:00Z',
      '2026-11-19T06:00Z',
      '2026-10-31T06:00Z',
      '2026-10-30T06:00Z',
      '2026-09-30T06:00Z',
      '2026-08-31T06:00Z',
    );
    expect(days(expired(all, { last: 2, daily: 3, monthly: 3 }))).toEqual([
      '2026-11-21T00',
      '2026-11-20T06',
      '2026-10-30T06',
      '2026-08-31T06',
    ]);
  });

  it('never the newest, whatever is configured', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.integer({ min: 0, max: 4e12 }).map((at) => Math.floor(at / 1000) * 1000),
          { minLength: 1 },
        ),
        fc.record({ last: fc.nat(3), daily: fc.nat(3), monthly: fc.nat(3) }),
        (times, keep) => {
          const all = times.map((at) => ({ name: archiveName(at, true), at, bytes: 1 }));
          const gone = expired(all, keep).map(({ at }) => at);
          expect(gone).not.toContain(Math.max(...times));
          expect(all.length - gone.length).toBeGreaterThanOrEqual(Math.min(all.length, Math.max(1, keep.last)));
        },
      ),
    );
  });
});

describe('the name of an archive', () => {
  it('says when it was begun, and nothing else has such a name', () => {
    const at = Date.UTC(2026, 10, 21, 12, 0, 7);
    expect(archiveName(at, false)).toBe('muster-20261121T120007Z.tar.gz');
    expect(archiveTime(archiveName(at, true))).toBe(at);
    for (const name of ['muster.db', 'muster-20261121T120007Z.tar.gz.partial', 'muster-20269921T120007Z.tar.gz'])
      expect(archiveTime(name)).toBeNull();
  });
});
