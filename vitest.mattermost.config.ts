import { defineConfig } from 'vitest/config';

/** What runs against a real Mattermost server, one file after the other: it is one server each, and they are slow to start. */
export default defineConfig({
  test: {
    include: ['src/**/*.real.ts', 'test/**/*.real.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 180_000,
    globalSetup: ['test/real-mattermost.ts'],
  },
});
