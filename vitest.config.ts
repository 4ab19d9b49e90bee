import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.js';

/** As the rooms: nothing of these is kept between files. */
const parts = ['alerts', 'commands', 'chat', 'cli', 'operate'].map((room) => `test/${room}/**/*.test.ts`);

export default defineConfig({
  test: {
    projects: [
      // Rooms keep nothing to themselves between calls, so their tests share what is loaded: half of their time is loading.
      { extends: true, test: { name: 'rooms', include: ['src/**/*.test.ts'], isolate: false } },
      { extends: true, test: { name: 'parts', include: parts, isolate: false, globalSetup: ['test/build-once.ts'] } },
      {
        extends: true,
        test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: parts, globalSetup: ['test/build-once.ts'] },
      },
    ],
    // Much of a test is waiting, for a disk or for another process: there are more at work than cores.
    maxWorkers: '150%',
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // The sign-in provider of the tests says on every start that it is for tests.
    onConsoleLog: (line) => !line.startsWith('oidc-provider '),
  },
});
