import { pino } from 'pino';
import { expect, it } from 'vitest';
import { catchUp } from './catch-up.js';
import type { InboundParts } from './parts.js';

it('reads the newest of a channel with more than can be read, and no more', async () => {
  const now = 1_000_000;
  const page = (from: number) =>
    Object.fromEntries(
      Array.from({ length: 200 }, (_, n) => {
        const id = `p${from + n}`;
        return [id, { id, create_at: now - from - n, update_at: now - from - n }];
      }),
    );
  let pages = 0;
  const client = {
    getPostsSince: async () => ({
      posts: Object.fromEntries([0, 200, 400, 600, 800].flatMap((n) => Object.entries(page(n)))),
    }),
    async getPosts(_: string, at: number) {
      pages += 1;
      if (pages > 1_000) throw new Error('It reads for ever.');
      return { posts: page(at * 200) };
    },
  } as unknown as InboundParts['client'];
  const adapter = {
    channels: async () => ['c1'],
    log: pino({ level: 'silent' }),
  } as unknown as InboundParts['adapter'];
  let stood = 0;
  await catchUp({ adapter, client }, 1, async () => void stood++);
  expect(pages).toBe(25);
  expect(stood).toBe(5_000);
});
