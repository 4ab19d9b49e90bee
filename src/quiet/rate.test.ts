import { describe, expect, it } from 'vitest';
import { fellSilent, type Hours } from './rate.js';

const hour = 3_600_000;
const day = 24 * hour;
/** A Saturday, 12:00 UTC. */
const now = Date.UTC(2026, 10, 21, 12, 0);
/** The last request came at 08:40. */
const lastSeenAt = now - 3 * hour - 20 * 60_000;
const firstHour = Date.UTC(2026, 10, 7);

/** Two weeks of figures up to now. `of`: requests in an hour; `thereIn`: minutes in it in which Muster was there. */
function hoursOf(of: (at: number) => number, thereIn: (at: number) => number = () => 60): Hours {
  const requests = new Map<number, number>();
  const there = new Map<number, number>();
  for (let at = firstHour; at <= now; at += hour) {
    there.set(at, thereIn(at));
    const count = at <= lastSeenAt ? of(at) : 0;
    if (count > 0) requests.set(at, count);
  }
  return { requests, there };
}

describe('a source that has sent all the time', () => {
  it('is silent after three whole hours without a request, compared with the same time of the week', () => {
    const weekend = (at: number): number => ([0, 6].includes(new Date(at).getUTCDay()) ? 40 : 100);
    expect(fellSilent(hoursOf(weekend), lastSeenAt, now)).toEqual({ usual: 40, silentHours: 3 });
    expect(fellSilent(hoursOf(weekend), lastSeenAt, now - 1)).toBeNull();
  });

  it('is not called silent at a time at which it usually says little', () => {
    const morning = (at: number): number => ([9, 10, 11].includes(new Date(at).getUTCHours()) ? 1 : 100);
    expect(fellSilent(hoursOf(morning), lastSeenAt, now)).toBeNull();
  });
});

describe('a source that does not send all the time', () => {
  it('is never called silent, however much it sends when it does', () => {
    const once = lastSeenAt - (lastSeenAt % hour) - 5 * day;
    expect(
      fellSilent(
        hoursOf((at) => (at === once ? 0 : 1_000)),
        lastSeenAt,
        now,
      ),
    ).toBeNull();
    expect(
      fellSilent(
        hoursOf((at) => (new Date(at).getUTCDay() === 3 ? 0 : 1_000)),
        lastSeenAt,
        now,
      ),
    ).toBeNull();
  });

  it('is never called silent when it sends little', () => {
    expect(
      fellSilent(
        hoursOf(() => 3),
        lastSeenAt,
        now,
      ),
    ).toBeNull();
    expect(
      fellSilent(
        hoursOf(() => 4),
        lastSeenAt,
        now,
      ),
    ).not.toBeNull();
    const mornings = (at: number): number => ([9, 10, 11].includes(new Date(at).getUTCHours()) ? 10 : 3);
    expect(fellSilent(hoursOf(mornings), lastSeenAt, now)).toBeNull();
  });
});

describe('hours in which Muster was not there', () => {
  it('are neither silence nor unsteadiness', () => {
    const away = (at: number): number => (at === now - 2 * hour ? 20 : 60);
    expect(
      fellSilent(
        hoursOf(() => 40, away),
        lastSeenAt,
        now,
      ),
    ).toBeNull();
    const nights = (at: number): number => (new Date(at).getUTCHours() < 4 ? 0 : 60);
    const steady = hoursOf((at) => (new Date(at).getUTCHours() < 4 ? 0 : 40), nights);
    expect(fellSilent(steady, lastSeenAt, now)).not.toBeNull();
  });

  it('leave too little to go by when there are many', () => {
    const since = now - 4 * day;
    expect(
      fellSilent(
        hoursOf(
          () => 40,
          (at) => (at < since ? 0 : 60),
        ),
        lastSeenAt,
        now,
      ),
    ).toBeNull();
  });
});
