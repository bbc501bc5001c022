import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

/** The CDK's own check of a template takes longer than its synthesis: `test/infrastructure/checks.test.ts` has it. */
process.env.CDK_VALIDATION = 'false';

/** `.ci/run` has it run beside `npm test`, and after that. */
const LONGEST = 20 * MINUTE;

export default defineConfig({
  test: { globalSetup: ['../support/helpers.setup.ts'], testTimeout: LONGEST, hookTimeout: LONGEST },
});
