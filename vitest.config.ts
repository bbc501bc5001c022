import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The folder for all temporary files of this run, of the programs that it starts too. It goes with the run. */
const temporary = mkdtempSync(join(tmpdir(), 'vestibule-'));
process.env.TMPDIR = temporary;
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));

/** The rights that the Lambdas use in the course of this run: every stack that a test starts adds to it. */
process.env.RIGHTS_LOG = join(temporary, 'rights.jsonl');

/** What the Lambdas log in the course of this run that must not be in a log. */
process.env.LOG_SCAN = join(temporary, 'log-scan.jsonl');

/** What the programs and stacks that tests start have compiled is kept, so that each starts faster than the first. */
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url));

/** The CDK's own check of a template takes longer than its synthesis: the test that is about it turns it on. */
process.env.CDK_VALIDATION = 'false';

/** How long a test may take: longer than it ever does on a machine that has much else to do. */
const patience = 120_000;

const helpers = 'test/support/helpers.setup.ts';

/** A suite that needs nothing but its own files. */
function plain(name: string, include: string, globalSetup: readonly string[] = []) {
  const timeouts = { testTimeout: patience, hookTimeout: patience };
  return { test: { name, include: [include], globalSetup: [...globalSetup], ...timeouts } };
}

/** A suite whose files start what they need. */
function alone(name: string, include: string) {
  return plain(name, include, [helpers]);
}

/** A suite that talks to one running local stack, which all of its files share. */
function onStack(name: string, ...setups: readonly string[]) {
  return plain(name, `test/${name}/**/*.test.ts`, [helpers, 'test/support/shared-stack.setup.ts', ...setups]);
}

export default defineConfig({
  test: {
    maxWorkers: 4,
    // A process that has run one file runs the next: what both import is loaded once.
    isolate: false,
    // What is waited for comes on a busy machine too.
    expect: { poll: { timeout: 30_000 } },
    projects: [
      plain('rules', 'test/{oauth,mcp,words}/**/*.test.ts'),
      plain('architecture', 'test/*.test.ts'),
      plain('aws', 'test/aws/**/*.test.ts'),
      plain('store', 'test/store/**/*.test.ts'),
      plain('fetch', 'test/fetch/**/*.test.ts'),
      alone('http', 'test/http/**/*.test.ts'),
      alone('infrastructure', 'test/infrastructure/**/*.test.ts'),
      alone('local', 'test/local/**/*.test.ts'),
      alone('model', 'test/model/**/*.test.ts'),
      onStack('cli'),
      onStack('endpoints'),
      onStack('tools'),
      onStack('clients'),
      onStack('conformance'),
      onStack('browser', 'test/support/chromium.setup.ts'),
      onStack('journeys'),
      { test: { ...plain('rights', 'test/rights/**/*.test.ts').test, sequence: { groupOrder: 1 } } },
    ],
  },
});
