import { beforeEach, describe, expect, it } from 'vitest';
import type { TroubleOf } from '../chat/platform.js';
import { createSetbacks, type Setbacks, type Verdict } from './setbacks.js';

const minute = 60_000;
let setbacks: Setbacks;
let now: number;
beforeEach(() => {
  setbacks = createSetbacks();
  now = 1_000 * minute;
});

const fails = (key: string, began = setbacks.begin(), retryAfterMs?: number, of?: TroubleOf): Verdict =>
  setbacks.failed({
    platform: 'chat',
    key,
    began,
    now,
    retryAfterMs,
    of: of ?? (retryAfterMs ? 'platform' : 'message'),
  });
const getsThrough = (key: string, began = setbacks.begin()): void =>
  setbacks.gotThrough({ platform: 'chat', key, began, now });

describe('a platform in trouble', () => {
  it('is paused when two jobs in a row fail, and a second longer only for what set out afterwards', () => {
    const [a, b, c] = [setbacks.begin(), setbacks.begin(), setbacks.begin()];
    expect(fails('a', a).pauseUntil).toBeNull();
    expect(fails('b', b).pauseUntil).toBe(now + 1_000);
    expect(fails('c', c).pauseUntil).toBe(now + 1_000);
    expect(fails('a').pauseUntil).toBe(now + 2_000);
  });

  it('is paused for as long as it says, which says nothing of the message', () => {
    for (let tries = 0; tries < 40; tries++) {
      expect(fails('a', setbacks.begin(), minute)).toEqual({
        retryAt: now + minute,
        pauseUntil: now + minute,
        hopeless: false,
      });
      now += minute;
      getsThrough('b');
    }
  });

  it('goes on elsewhere while a message or a channel waits for as long as it says', () => {
    for (const of of ['message', 'channel'] as const)
      for (let tries = 0; tries < 40; tries++) {
        expect(fails(of, setbacks.begin(), minute, of)).toEqual({
          retryAt: now + minute,
          pauseUntil: null,
          hopeless: false,
        });
        now += minute;
        getsThrough('b');
      }
    expect(fails('a').pauseUntil).toBeNull();
  });

  it('is paused at once when the adapter knows that it is the platform, and no message is given up for it', () => {
    expect(fails('a', setbacks.begin(), undefined, 'platform').pauseUntil).toBe(now + 1_000);
    for (let tries = 0; tries < 40; tries++) {
      now += minute;
      getsThrough('b');
      const verdict = fails('a', setbacks.begin(), undefined, 'platform');
      expect(verdict).toMatchObject({ pauseUntil: expect.any(Number), hopeless: false });
    }
  });

  it('lets the 15 minutes of every message begin again when it is back', () => {
    fails('a');
    fails('b');
    now += 60 * minute;
    for (let minutes = 0; minutes <= 15; minutes++) {
      getsThrough(`other ${minutes}`);
      expect(fails('a').hopeless).toBe(false);
      now += minute;
    }
    getsThrough('another');
    expect(fails('a').hopeless).toBe(true);
  });
});

describe('a message in trouble', () => {
  it('is not proven by what had set out before it failed', () => {
    const early = [setbacks.begin(), setbacks.begin(), setbacks.begin()];
    fails('a');
    for (const began of early) {
      now += 10 * minute;
      getsThrough('early', began);
      expect(fails('a').hopeless).toBe(false);
    }
  });

  it('begins anew once it has got through or is another one', () => {
    for (const end of [getsThrough, setbacks.forget]) {
      fails('a');
      getsThrough('b');
      now += 16 * minute;
      expect(fails('a').hopeless).toBe(false);
      end('a');
      getsThrough('b');
      expect(fails('a')).toEqual({ retryAt: now + 1_000, pauseUntil: null, hopeless: false });
      setbacks.forget('a');
    }
  });
});
