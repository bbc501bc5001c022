import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

/** The CDK's own check of a template takes longer than its synthesis. */
process.env.CDK_VALIDATION = 'false';

export default defineConfig({
  // Each goes on from where the one before has left the project.
  test: { bail: 1, testTimeout: 10 * MINUTE, hookTimeout: 10 * MINUTE },
});
