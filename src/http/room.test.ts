import { expect, test } from 'vitest';
import { alertLimits } from '../alerts/limits.js';
import { createRoom } from './room.js';

const sender = (name: string, alertsPerMinute: number | null = null) => ({
  name,
  limits: { alertsPerRequest: 10_000, alertsWaiting: 10_000, alertsPerMinute },
});

test('a source with too many requests waiting waits, and another does not', () => {
  let depth = 0;
  const room = createRoom(() => depth);
  for (let i = 0; i <= alertLimits.requestsOfSource; i++) room.enter('storm', 1);
  depth = alertLimits.requestsOfSource + 1;
  expect([room.full(sender('storm')), room.full(sender('calm'))]).toEqual([true, false]);
  room.leave('storm', 1);
  expect(room.full(sender('storm'))).toBe(false);
});

test('when there is too much of all, a source of which nothing waits is still let in, up to twice as much', () => {
  let depth = alertLimits.requests + 1;
  const room = createRoom(() => depth);
  room.enter('busy', 1);
  expect([room.full(sender('busy')), room.full(sender('calm'))]).toEqual([true, false]);
  depth = 2 * alertLimits.requests + 1;
  expect(room.full(sender('calm'))).toBe(true);
});

test('alerts count as well as requests', () => {
  const room = createRoom(() => 0);
  room.enter('storm', 10_001);
  expect([room.full(sender('storm')), room.full(sender('calm'))]).toEqual([true, false]);
  room.enter('other', 10_000);
  room.enter('third', 1);
  expect([room.full(sender('third')), room.full(sender('calm'))]).toEqual([true, false]);
});

test('a rate is kept over the minutes, and says how long to wait', () => {
  const room = createRoom(() => 0);
  const slow = sender('slow', 60);
  const tries = (alerts: number, second: number) => room.tooFast(slow, alerts, second * 1000);
  expect([tries(60, 0), tries(1, 0), tries(10, 4), tries(10, 10), tries(1, 10)]).toEqual([null, 1, 6, null, 1]);
  expect(room.tooFast(sender('other', 60), 60, 0)).toBe(null);
  expect(room.tooFast(sender('free'), 100_000, 0)).toBe(null);
});

test('more than a minute’s worth at once comes in after a quiet minute, and is paid off', () => {
  const room = createRoom(() => 0);
  const slow = sender('slow', 60);
  const tries = (alerts: number, second: number) => room.tooFast(slow, alerts, second * 1000);
  expect([tries(180, 0), tries(1, 60), tries(1, 119), tries(1, 121)]).toEqual([null, 61, 2, null]);
});
