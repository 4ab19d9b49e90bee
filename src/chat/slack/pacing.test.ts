import { beforeEach, describe, expect, it } from 'vitest';
import { createPacing, type Pacing } from './pacing.js';
import { type Method, perMinute } from './tiers.js';

let now: number;
let pacing: Pacing;
beforeEach(() => {
  now = 1_000_000;
  pacing = createPacing({ now: () => now });
});

/** When each of so many requests, all wanted now, would go out; in ms from now. */
const turns = (count: number, method: Method, channel: string | null = null): number[] =>
  Array.from({ length: count }, () => pacing.take(method, channel, Number.POSITIVE_INFINITY).waitMs);

describe('what goes out to Slack', () => {
  it('is one post a second in a channel, and other channels do not wait for it', () => {
    expect(turns(3, 'chat.postMessage', 'C1')).toEqual([0, 1_000, 2_000]);
    expect(turns(1, 'chat.postMessage', 'C2')).toEqual([0]);
    now += 10_000;
    expect(turns(2, 'chat.postMessage', 'C1')).toEqual([0, 1_000]);
  });

  it.each(Object.entries(perMinute))('%s is %i a minute, after a short burst', (method, granted) => {
    const waits = turns(granted * 3, method as Method, null).slice(granted);
    const inMinute = (from: number) => waits.filter((wait) => wait >= from && wait < from + 60_000).length;
    if (method !== 'chat.postMessage') expect(inMinute(60_000)).toBe(granted);
    const first = createPacing({ now: () => 0 });
    const early = Array.from({ length: granted * 2 }, (_, n) => first.take(method as Method, `C${n}`, 60_000));
    expect(early.filter(({ taken }) => taken).length).toBeLessThanOrEqual(granted * 1.25 + 1);
  });

  it('takes no turn where the wait is too long, so that others do not wait for it either', () => {
    turns(4, 'chat.postMessage', 'C1');
    for (let n = 0; n < 5; n++)
      expect(pacing.take('chat.postMessage', 'C1', 3_000)).toEqual({ taken: false, waitMs: 4_000 });
    now += 1_000;
    expect(pacing.take('chat.postMessage', 'C1', 3_000)).toEqual({ taken: true, waitMs: 3_000 });
  });

  it('keeps silent where Slack has asked for it: a channel for posts, a method for all else', () => {
    pacing.silence('chat.postMessage', 'C1', 5_000);
    pacing.silence('chat.update', 'C1', 7_000);
    pacing.silence('chat.update', 'C2', 2_000);
    expect(pacing.silentForMs('chat.postMessage', 'C1')).toBe(5_000);
    expect(pacing.silentForMs('chat.postMessage', 'C2')).toBe(0);
    expect(pacing.silentForMs('chat.update', 'C2')).toBe(7_000);
    expect(pacing.silentForMs('pins.add', 'C1')).toBe(0);
    now += 7_000;
    expect(pacing.silentForMs('chat.update', 'C2')).toBe(0);
  });
});
