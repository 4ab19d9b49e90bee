import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.js';

export default defineConfig({
  test: {
    projects: [
      // Rooms keep nothing to themselves between calls, so their tests share what is loaded: half of their time is loading.
      { extends: true, test: { name: 'rooms', include: ['src/**/*.test.ts'], isolate: false } },
      { extends: true, test: { name: 'whole', include: ['test/**/*.test.ts'], globalSetup: ['test/build-once.ts'] } },
    ],
    // Much of a test is waiting, for a disk or for another process: none of the cores is kept free.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // The sign-in provider of the tests says on every start that it is for tests.
    onConsoleLog: (line) => !line.startsWith('oidc-provider '),
  },
});
