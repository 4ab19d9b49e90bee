import { describe, expect, it } from 'vitest';
import { points } from '../../src/engine/points.js';
import { type Campaign, campaign } from './campaign.js';
import type { Mutation } from './mutant.js';

/** 200 kills in CI, 2,000 with `npm run soak`; fewer at a desk, where the tests should stay short. */
const lives = Number(process.env.MUSTER_KILLS ?? (process.env.CI ? 200 : 30));
const minutes = (count: number): number => count * 60_000;

const counts = (of: Partial<Record<string, number>>): string =>
  Object.entries(of)
    .map(([what, times]) => `${what} ${times}`)
    .join(', ');

function report(title: string, result: Campaign): void {
  process.stdout.write(
    `\n${title}: ${result.alertsAcknowledged} alerts and ${result.commandsAcknowledged} commands acknowledged, ` +
      `${result.messages} messages, ${result.notices} notices (${result.repeats} came again), ` +
      `${result.privately} things said in private\n` +
      `  walked: ${counts(result.walked)}\n  killed at: ${counts(result.kills)}\n  wrong: ${result.wrong.length}\n`,
  );
}

describe('killed from outside at any moment', () => {
  it(
    `loses nothing it has acknowledged, doubles nothing, and leaves no job behind (${lives} kills)`,
    async () => {
      const halves = await Promise.all([
        campaign({ lives: Math.ceil(lives / 2), seed: 1 }),
        // The halves begin with different moments, so that few lives see them all.
        campaign({ lives: Math.floor(lives / 2), seed: 2, moments: [...points.slice(8), ...points.slice(0, 8)] }),
      ]);
      for (const [index, half] of halves.entries()) report(`crash, half ${index + 1}`, half);
      expect(halves.flatMap(({ wrong }) => wrong)).toEqual([]);
      for (const { alertsAcknowledged, notices, walked, privately } of halves) {
        expect(alertsAcknowledged).toBeGreaterThan(lives / 2);
        expect(notices).toBeGreaterThan(lives / 2);
        expect(walked.approvalGiven ?? 0).toBeGreaterThan(0);
        expect(privately).toBeGreaterThan(0);
      }
    },
    minutes(10) + lives * 2_500,
  );

  const mutations: [string, Mutation, Parameters<typeof campaign>[0], RegExp][] = [
    [
      'an answer before the commit',
      {
        file: 'engine/write.js',
        from: 'await parts.store.commit(changes);',
        to: '{ const write = parts.store.commit.bind(parts.store, changes); for (const settle of settles) settle(); await new Promise((r) => setTimeout(r, 150)); await write(); }',
      },
      { lives: 7, seed: 3, moments: ['post:sent'] },
      /was acknowledged and is lost/,
    ],
    [
      'done before the post',
      {
        file: 'engine/tasks.js',
        from: "pass('post:before');",
        to: "await store.done(lease); pass('post:before');",
      },
      { lives: 7, seed: 4, moments: ['post:before'] },
      /never reached the chat/,
    ],
    [
      'no look-up of the key after an ambiguous post',
      { file: 'engine/tasks.js', from: 'lease.attempt > 1', to: 'lease.attempt > 1_000_000' },
      { lives: 7, seed: 5, moments: ['post:sent'] },
      /is in the chat \d+ times/,
    ],
    [
      'done before those outside are told',
      {
        file: 'audiences/hand-over.js',
        from: 'const sent = await within(',
        to: 'await parts.store.done(lease); const sent = await within(',
      },
      { lives: 7, seed: 6, moments: ['notify:before'] },
      /^notice .* never arrived/,
    ],
    [
      'private incidents for those outside too',
      { file: 'incident/audiences.js', from: "incident.visibility === 'public'", to: 'true' },
      { lives: 2, seed: 7, moments: ['notify:sent'] },
      /is private and was told outside/,
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
