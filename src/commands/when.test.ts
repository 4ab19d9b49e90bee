import { describe, expect, it } from 'vitest';
import { timeToCome } from './when.js';

const now = Date.UTC(2030, 0, 15, 13, 0);
const hour = 3_600_000;

describe('a time to come is read from', () => {
  it.each([
    ['2h the disk grows', now + 2 * hour, 'the disk grows'],
    ['90m', now + 1.5 * hour, ''],
    ['2 h the disk grows', now + 2 * hour, 'the disk grows'],
    ['in 30 min', now + hour / 2, ''],
    ['14:30 UTC, the vendor says', now + 1.5 * hour, 'the vendor says'],
    ['around 14:30', now + 1.5 * hour, ''],
    ['09:05 tomorrow morning', Date.UTC(2030, 0, 16, 9, 5), 'tomorrow morning'],
    ['13:00', Date.UTC(2030, 0, 16, 13, 0), ''],
    ['2030-01-16T08:00Z after the night', Date.UTC(2030, 0, 16, 8, 0), 'after the night'],
  ])('%s', (line, at, rest) => {
    expect(timeToCome(line, now)).toEqual({ at, rest });
  });

  it.each(['soon', '', '25:00', '12', 'the disk is being grown', '2030-13-45T10:00Z'])('but not from “%s”', (line) => {
    expect(timeToCome(line, now)).toBeNull();
  });
});
