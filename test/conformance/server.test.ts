import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requiredScenarios, runSuite } from '../support/conformance-suite.ts';
import { synthesiseWithServer } from '../support/fixture-stack.ts';
import { connect } from '../support/flow.ts';
import { startHeaderProxy } from '../support/header-proxy.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

const fixture = fileURLToPath(new URL('fixtures/server.ts', import.meta.url));

let stack: RunningStack;
let assembly: string;

beforeAll(async () => {
  assembly = await synthesiseWithServer(fixture);
  stack = await startStack({ env: { ASSEMBLY_DIR: assembly } });
});

afterAll(async () => {
  await stack?.stop();
  rmSync(assembly, { recursive: true });
});

/** Runs the suite against the endpoint, as a person who has signed in. */
async function runAgainstEndpoint(args: readonly string[]) {
  const { tokens } = await connect(stack.issuer);
  const proxy = await startHeaderProxy(stack.issuer, () => ({ authorization: `Bearer ${tokens.access_token}` }));
  try {
    return await runSuite(['server', '--url', `${proxy.url}/mcp`, ...args]);
  } finally {
    proxy.stop();
  }
}

describe('the official conformance suite, for servers', () => {
  test.for([['2026-07-28', 37], ['2025-11-25', 30]] as const)('%s', async ([revision, count]) => {
    const r = await runAgainstEndpoint(['--requirements', revision]);
    console.log(r.output.slice(-6000));
    console.log([...r.scenarios].filter(([,f])=>f.length));
    console.log(await requiredScenarios(revision));
    expect(count).toBe(1);
  });
});
