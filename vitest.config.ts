import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The rights that the Lambdas use in the course of this run: every stack that a test starts adds to it. */
process.env.RIGHTS_LOG = fileURLToPath(new URL('.generated/rights.jsonl', import.meta.url));
mkdirSync(dirname(process.env.RIGHTS_LOG), { recursive: true });
rmSync(process.env.RIGHTS_LOG, { force: true });

/** A suite that talks to one running local stack, which all of its files share. */
function onStack(name: string) {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      globalSetup: ['test/support/shared-stack.setup.ts'],
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  };
}

function alone(name: string, include: string) {
  return { test: { name, include: [include], testTimeout: 60_000, hookTimeout: 60_000 } };
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      alone('rules', 'test/{oauth,mcp}/**/*.test.ts'),
      alone('architecture', 'test/*.test.ts'),
      alone('fetch', 'test/fetch/**/*.test.ts'),
      alone('infrastructure', 'test/infrastructure/**/*.test.ts'),
      alone('local', 'test/local/**/*.test.ts'),
      alone('cli', 'test/cli/**/*.test.ts'),
      onStack('endpoints'),
      onStack('tools'),
      onStack('clients'),
      onStack('conformance'),
      onStack('browser'),
      onStack('journeys'),
      { test: { name: 'rights', include: ['test/rights/**/*.test.ts'], sequence: { groupOrder: 1 } } },
    ],
  },
});
