import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    globalSetup: ['test/build-once.ts'],
    // The sign-in provider of the tests says on every start that it is for tests.
    onConsoleLog: (line) => !line.startsWith('oidc-provider '),
  },
});
