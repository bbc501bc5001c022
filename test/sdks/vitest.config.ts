import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

export default defineConfig({
  test: {
    globalSetup: ['sdks.setup.ts'],
    maxWorkers: 4,
    // A program may start while others are being compiled.
    testTimeout: 2 * MINUTE,
    hookTimeout: 10 * MINUTE,
  },
});
