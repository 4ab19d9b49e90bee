import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.js';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Much of a test is waiting, for a disk or for another process: none of the cores is kept free.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    globalSetup: ['test/build-once.ts'],
    // The sign-in provider of the tests says on every start that it is for tests.
    onConsoleLog: (line) => !line.startsWith('oidc-provider '),
  },
});
