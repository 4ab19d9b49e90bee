import { describe, expect, it } from 'vitest';
import { type Campaign, campaign } from './campaign.js';
import type { Mutation } from './mutant.js';

/** 200 kills in CI, 2,000 with `npm run soak`; fewer at a desk, where the tests should stay short. */
const lives = Number(process.env.MUSTER_KILLS ?? (process.env.CI ? 200 : 30));
const minutes = (count: number): number => count * 60_000;

function report(title: string, result: Campaign): void {
  const kills = Object.entries(result.kills)
    .map(([point, times]) => `${point} ${times}`)
    .join(', ');
  process.stdout.write(
    `\n${title}: ${result.alertsAcknowledged} alerts and ${result.commandsAcknowledged} commands acknowledged, ` +
      `${result.messages} messages\n  killed at: ${kills}\n  wrong: ${result.wrong.length}\n`,
  );
}

describe('killed from outside at any moment', () => {
  it(
    `loses nothing it has acknowledged, doubles nothing, and leaves no job behind (${lives} kills)`,
    async () => {
      const halves = await Promise.all([
        campaign({ lives: Math.ceil(lives / 2), seed: 1 }),
        campaign({ lives: Math.floor(lives / 2), seed: 2 }),
      ]);
      for (const [index, half] of halves.entries()) report(`crash, half ${index + 1}`, half);
      expect(halves.flatMap(({ wrong }) => wrong)).toEqual([]);
      expect(halves.every(({ alertsAcknowledged }) => alertsAcknowledged > lives / 2)).toBe(true);
    },
    minutes(10) + lives * 2_500,
  );

  const mutations: [string, Mutation, Parameters<typeof campaign>[0], RegExp][] = [
    [
      'an answer before the commit',
      {
        file: 'engine/write.js',
        from: 'await parts.store.commit(changes);',
        to: '{ const write = parts.store.commit.bind(parts.store, changes); for (const settle of settles) settle(); await new Promise((r) => setTimeout(r, 60)); await write(); }',
      },
      { lives: 10, seed: 3, only: ['intake:after-commit', 'post:sent'] },
      /was acknowledged and is lost/,
    ],
    [
      'done before the post',
      {
        file: 'engine/tasks.js',
        from: "pass('post:before');",
        to: "await store.done(lease); pass('post:before');",
      },
      { lives: 10, seed: 4, only: ['post:before'] },
      /never reached the chat/,
    ],
    [
      'no look-up of the key after an ambiguous post',
      { file: 'engine/tasks.js', from: 'lease.attempt > 1', to: 'lease.attempt > 1_000_000' },
      { lives: 10, seed: 5, only: ['post:sent'] },
      /is in the chat \d+ times/,
    ],
  ];

  it.each(mutations)(
    'is a test that can fail: %s is found out',
    async (name, mutation, about, complaint) => {
      const result = await campaign({ ...about, mutation });
      report(`mutation, ${name}`, result);
      expect(result.wrong.filter((line) => complaint.test(line)).length).toBeGreaterThan(0);
    },
    minutes(3),
  );
});
