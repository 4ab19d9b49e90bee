import { expect, test } from 'vitest';
import { alertOf } from '../../test/alerts/world.js';
import { createQueue } from './queue.js';
import type { Item } from './tick.js';

const arrival = (source: string, alerts = 1): Item =>
  ({ item: { kind: 'arrival', source, alerts: Array(alerts).fill(alertOf()) } }) as unknown as Item;
const command = (type = 'acknowledge'): Item =>
  ({ item: { kind: 'command', asked: { command: { type, other: 'o', alerts: ['a'] } } } }) as unknown as Item;

/** e.g. `a b a`; commands by their type. */
const shown = (items: readonly Item[]): string =>
  items.map(({ item }) => (item.kind === 'arrival' ? item.source : item.asked.command.type)).join(' ');
function queueOf(...items: Item[]) {
  const queue = createQueue();
  for (const item of items) queue.put(item);
  return queue;
}

test('sources take turns, each in its own order, however much one of them sends', () => {
  const storm = Array.from({ length: 6 }, () => arrival('storm'));
  const queue = queueOf(...storm, arrival('calm'), arrival('other'), arrival('calm'));
  expect(queue.size()).toBe(9);
  const taken = queue.take();
  expect(shown(taken)).toBe('storm calm other storm calm storm storm storm storm');
  expect(taken.filter((item) => storm.includes(item))).toEqual(storm);
  expect(queue.size()).toBe(0);
});

test('a request too large for what is left of a turn begins the next one', () => {
  const queue = queueOf(arrival('calm'), arrival('storm', 5_000), arrival('storm', 5_000), arrival('other'));
  expect([queue.take(), queue.take(), queue.take(), queue.take()].map(shown)).toEqual([
    'calm other',
    'storm',
    'storm',
    '',
  ]);
});

test('a storm leaves a turn to others between two of its own', () => {
  const queue = queueOf(arrival('storm', 2_000), arrival('storm', 2_000), arrival('storm', 2_000));
  expect(shown(queue.take())).toBe('storm');
  queue.put(arrival('calm'));
  expect([shown(queue.take()), shown(queue.take()), shown(queue.take())]).toEqual(['storm', 'calm', 'storm']);
});

test('commands go before alerts and hold none of them up', () => {
  const queue = queueOf(arrival('a'), command(), ...Array.from({ length: 300 }, () => command('addNote')));
  const taken = shown(queue.take());
  expect(taken).toMatch(/^acknowledge addNote .* a$/);
  expect(taken.split(' ')).toHaveLength(257);
  expect(queue.size()).toBe(45);
});

test('what moves alerts between incidents is done by itself', () => {
  const queue = queueOf(command(), arrival('a'), command('merge'), arrival('a'), command());
  expect([queue.take(), queue.take(), queue.take()].map(shown)).toEqual(['acknowledge a a', 'merge', 'acknowledge']);
});
