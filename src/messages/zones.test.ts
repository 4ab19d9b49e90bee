import { describe, expect, it } from 'vitest';
import { formatDuration, formatElsewhere, formatRelative, formatTime, isZone } from './zones.js';

const at = (iso: string): number => Date.parse(iso);

describe('a time for people', () => {
  it.each([
    ['2026-11-21T02:41:00Z', 'UTC', '02:41 UTC'],
    ['2026-11-21T02:41:00Z', 'Europe/Berlin', '03:41 +01:00 Europe/Berlin'],
    ['2026-11-21T00:00:00Z', 'UTC', '00:00 UTC'],
    ['2026-01-10T12:00:00Z', 'Europe/London', '12:00 +00:00 Europe/London'],
    ['2026-07-10T12:00:00Z', 'Asia/Kolkata', '17:30 +05:30 Asia/Kolkata'],
    ['2026-07-10T12:00:00Z', 'America/St_Johns', '09:30 -02:30 America/St_Johns'],
  ])('at %s in %s reads %s', (iso, zone, expected) => {
    expect(formatTime(at(iso), zone)).toBe(expected);
  });

  it('skips the hour that summer time takes, and tells the two hours of autumn apart', () => {
    expect(formatTime(at('2026-03-29T00:59:00Z'), 'Europe/Berlin')).toBe('01:59 +01:00 Europe/Berlin');
    expect(formatTime(at('2026-03-29T01:00:00Z'), 'Europe/Berlin')).toBe('03:00 +02:00 Europe/Berlin');
    expect(formatTime(at('2026-10-25T00:30:00Z'), 'Europe/Berlin')).toBe('02:30 +02:00 Europe/Berlin');
    expect(formatTime(at('2026-10-25T01:30:00Z'), 'Europe/Berlin')).toBe('02:30 +01:00 Europe/Berlin');
  });

  it('has a date and a full form', () => {
    expect(formatTime(at('2026-11-01T23:41:07Z'), 'UTC', 'date')).toBe('1 Nov 23:41 UTC');
    expect(formatTime(at('2026-11-01T23:41:07Z'), 'Europe/Berlin', 'date')).toBe('2 Nov 00:41 +01:00 Europe/Berlin');
    expect(formatTime(at('2026-11-01T23:41:07Z'), 'UTC', 'full')).toBe('2026-11-01 23:41:07 UTC');
  });

  it('is never an error for a number that is no instant, but is for a zone that does not exist', () => {
    expect(formatTime(Number.NaN)).toBe('unknown time');
    expect(formatTime(9e15)).toBe('unknown time');
    expect(() => formatTime(0, 'Mars/Olympus')).toThrow(RangeError);
    expect([isZone('Europe/Berlin'), isZone('Mars/Olympus')]).toEqual([true, false]);
  });

  it('leaves UTC and unknown zones out of the list beside it', () => {
    expect(formatElsewhere(at('2026-11-21T02:41:00Z'), ['UTC', 'Mars/Olympus', 'Europe/Berlin', 'Asia/Tokyo'])).toBe(
      '03:41 +01:00 Europe/Berlin, 11:41 +09:00 Asia/Tokyo',
    );
  });
});

describe('a span', () => {
  it.each([
    [0, 'less than a minute'],
    [59_999, 'less than a minute'],
    [240_000, '4 min'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [86_400_000 * 3 + 3_600_000 * 4 + 60_000, '3 d 4 h'],
    [Number.NaN, 'unknown'],
  ])('of %d ms reads %s', (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected);
  });

  it('points forward or back from now', () => {
    expect([formatRelative(240_000, 0), formatRelative(0, 240_000), formatRelative(1, 0)]).toEqual([
      'in 4 min',
      '4 min ago',
      'now',
    ]);
  });
});
