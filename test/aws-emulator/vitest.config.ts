import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

export default defineConfig({
  test: {
    globalSetup: ['emulator.setup.ts', '../support/chromium.setup.ts'],
    // Each goes on from where the one before has left the stack.
    bail: 1,
    testTimeout: 5 * MINUTE,
    hookTimeout: 10 * MINUTE,
  },
});
