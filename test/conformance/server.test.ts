import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requiredScenarios, runSuite, type SuiteRun } from '../support/conformance-suite.ts';
import { synthesiseWithServer } from '../support/fixture-stack.ts';
import { connect } from '../support/flow.ts';
import { startHeaderProxy } from '../support/header-proxy.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

const fixture = fileURLToPath(import.meta.resolve('./fixtures/server.ts'));
const baseline = fileURLToPath(new URL('expected-failures-2025-11-25.yaml', import.meta.url));

let stack: RunningStack;
let assembly: string;

beforeAll(async () => {
  assembly = await synthesiseWithServer(fixture);
  stack = await startStack({ env: { ASSEMBLY_DIR: assembly } });
});

afterAll(async () => {
  await stack.stop();
  rmSync(assembly, { recursive: true });
});

/** Runs the suite against the MCP endpoint with the tools of the fixture, as a person who has signed in. */
async function runAgainstEndpoint(args: readonly string[]): Promise<SuiteRun> {
  const { tokens } = await connect(stack.issuer);
  const proxy = await startHeaderProxy(stack.issuer, () => ({ authorization: `Bearer ${tokens.access_token}` }));
  try {
    return await runSuite(['server', '--url', `${proxy.url}/mcp`, ...args]);
  } finally {
    proxy.stop();
  }
}

/** The scenarios among these that did not pass without a warning, with what the suite says of them. */
function complaintsIn({ scenarios }: SuiteRun, names: readonly string[]): Record<string, readonly string[]> {
  const complaints = names.map((name): [string, readonly string[]] => {
    const { passed, failures, warnings } = scenarios.get(name) ?? { passed: 0, failures: [], warnings: [] };
    return [name, passed === 0 ? ['no check passed', ...failures, ...warnings] : [...failures, ...warnings]];
  });
  return Object.fromEntries(complaints.filter(([, said]) => said.length > 0));
}

describe('the official conformance suite for MCP servers', () => {
  test('passes every scenario that revision 2026-07-28 requires, and those that are pending', async () => {
    const pending = ['json-schema-2020-12', 'http-header-validation', 'http-custom-header-server-validation'];
    const required = await requiredScenarios('2026-07-28');
    expect(required).toHaveLength(37);
    const run = await runAgainstEndpoint(['--requirements', '2026-07-28']);
    expect(complaintsIn(run, [...required, ...pending])).toEqual({});
    expect(run.exitCode, run.output).toBe(0);
  });

  test('passes every scenario that revision 2025-11-25 requires, but those that need a session', async () => {
    const expected = [...readFileSync(baseline, 'utf8').matchAll(/^ +- (\S+)/gm)].map(([, name = '']) => name);
    const required = await requiredScenarios('2025-11-25');
    expect(required).toHaveLength(30);
    const run = await runAgainstEndpoint(['--requirements', '2025-11-25', '--expected-failures', baseline]);
    const complaints = complaintsIn(run, [...required, 'json-schema-2020-12']);
    expect(Object.keys(complaints).sort(), JSON.stringify(complaints)).toEqual(expected.sort());
    expect(run.exitCode, run.output).toBe(0);
  });

  test.for(['2026-07-28', '2025-11-25'])('gets nowhere without a token in revision %s', async (revision) => {
    const args = ['server', '--url', `${stack.issuer}/mcp`, '--scenario', 'tools-list', '--spec-version', revision];
    const { exitCode, output } = await runSuite(args);
    expect(exitCode).toBe(1);
    expect(output).toContain('401');
  });
});
