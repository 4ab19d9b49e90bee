import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Much of a test is waiting, for a disk or for another process: none of the cores is kept free.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    globalSetup: ['test/build-once.ts'],
    // The sign-in provider of the tests says on every start that it is for tests.
    onConsoleLog: (line) => !line.startsWith('oidc-provider '),
  },
});
