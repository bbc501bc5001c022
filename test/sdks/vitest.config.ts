import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

/** As for `npm test`: what the stack and the commands have compiled is kept. */
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url));

export default defineConfig({
  test: {
    globalSetup: ['sdks.setup.ts'],
    maxWorkers: 4,
    // A program may start while others are being compiled.
    testTimeout: 2 * MINUTE,
    hookTimeout: 10 * MINUTE,
  },
});
