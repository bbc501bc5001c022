import { describe, expect, inject, test } from 'vitest';
import { runSuite, type SuiteRun } from '../support/conformance-suite.ts';
import { register } from '../support/flow.ts';
import { freePort } from '../support/loopback-server.ts';
import { signIn } from '../support/sign-in.ts';

const issuer = inject('issuer');

/** Signs a person in where the suite says, and goes back to it. */
async function follow(authorizationUrl: string): Promise<void> {
  const { status } = await fetch(await signIn(authorizationUrl));
  if (status !== 200) throw new Error(`The suite answers ${status}`);
}

/** Runs the suite with a person who goes where it says. */
async function runWithPerson(): Promise<SuiteRun> {
  const port = await freePort();
  const { client_id } = await register(issuer, { redirect_uris: [`http://127.0.0.1:${port}/callback`] });
  const args = ['--url', issuer, '--client-id', client_id, '--resource', `${issuer}/mcp`, '--port', String(port)];
  return runSuite(['authorization', ...args], (line) =>
    line.startsWith(`${issuer}/authorize?`) ? follow(line) : undefined,
  );
}

describe('the official conformance suite for authorization servers', () => {
  test('passes both of its scenarios', async () => {
    const { scenarios, exitCode, output } = await runWithPerson();
    expect([...scenarios.keys()].sort()).toEqual([
      'authorization-code-grant',
      'authorization-server-metadata-endpoint',
    ]);
    for (const [name, { passed, failures }] of scenarios) {
      expect(failures, name).toEqual([]);
      expect(passed, name).toBeGreaterThan(0);
    }
    expect(exitCode, output).toBe(0);
  });
});
