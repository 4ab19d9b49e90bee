import { describe, expect, it } from 'vitest';
import { trackAbsence } from '../engine/absence.js';
import { type Heard, reportOn } from './expected.js';

const minute = 60_000;
const start = Date.UTC(2026, 10, 21, 12, 0);
const source = {
  name: 'backup',
  expect: { everyMs: 30 * minute, graceMs: 10 * minute, severity: 'critical', service: 'registry' },
};
const heard = (about: Partial<Heard>): Heard => ({ lastSeenAt: null, sinceAt: 0, episode: null, ...about });
const exactly = (_: number, dueAt: number): number => dueAt;
const at = (now: number, about: Partial<Heard>, lateAt = exactly) => reportOn(source, heard(about), { now, lateAt });

describe('a source that has to be heard', () => {
  it('is late when nothing has come for as long as it may take, and not before', () => {
    expect(at(start + 40 * minute - 1, { lastSeenAt: start })).toBeNull();
    expect(at(start + 40 * minute, { lastSeenAt: start })).toMatchObject({
      status: 'firing',
      startsAt: start + 40 * minute,
      service: 'registry',
      severity: 'critical',
      summary: 'Nothing has come since 21 Nov 12:00 UTC from backup; it is expected every 30 min',
    });
  });

  it('that was never heard is late as long after it was first expected', () => {
    expect(at(start + 39 * minute, { sinceAt: start })).toBeNull();
    expect(at(start + 40 * minute, { sinceAt: start })?.summary).toContain('Nothing has ever come from backup');
  });

  it('is told once, and ends with the next request only', () => {
    const episode = { state: 'firing' as const, startedAt: start + 40 * minute };
    expect(at(start + 99 * minute, { lastSeenAt: start, episode })).toBeNull();
    const back = start + 80 * minute;
    expect(at(start + 99 * minute, { lastSeenAt: back, episode })).toMatchObject({ status: 'resolved', endsAt: back });
    const over = { ...episode, state: 'resolved' as const };
    expect(at(start + 99 * minute, { lastSeenAt: back, episode: over })).toBeNull();
    expect(at(back + 40 * minute, { lastSeenAt: back, episode: over })?.status).toBe('firing');
  });

  it('is not late for what Muster itself could not hear', () => {
    let now = start + 5 * 60 * minute;
    const absence = trackAbsence({ now: () => now });
    const late = (about: Partial<Heard>) => at(now, about, (seen, due) => absence.endsAt('backup', seen, due));
    expect(late({ lastSeenAt: start })).toBeNull();
    now += 40 * minute - 1;
    expect(late({ lastSeenAt: start })).toBeNull();
    now += 1;
    expect(late({ lastSeenAt: start })?.status).toBe('firing');
  });
});
