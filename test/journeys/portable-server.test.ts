import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Browser, hiddenFields, type Page } from '../support/browser.ts';
import {
  authorizePath,
  connect,
  isAccepted,
  mailsTo,
  newPkce,
  newSourceIp,
  refresh,
  register,
  requestTokens,
  type Tokens,
} from '../support/flow.ts';
import { DAY, later, refusal, tokensIn } from '../support/redemption.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';
import { connectTools } from '../support/tool-client.ts';

const alice = 'alice@example.com';

/** Begins to sign in, as far as the page that asks for the code. */
async function askForCode(issuer: string, email: string): Promise<Page> {
  const { client_id } = await register(issuer);
  const browser = new Browser(issuer, newSourceIp());
  const page = await browser.open(authorizePath(client_id, newPkce().challenge));
  return browser.post('/authorize/email', { ...hiddenFields(page), email });
}

/** What a server with a file of users and a database of sessions gave to whoever ran it. */
describe('a server for a few people whom its operator names', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'vestibule-journey-'));
  const settings = {
    signIn: { allowedAddresses: [alice] },
    lifetimes: { accessTokenSeconds: DAY, grantIdleSeconds: 30 * DAY },
  };
  let stack: RunningStack;
  let kept: { readonly clientId: string; readonly tokens: Tokens };
  beforeAll(async () => {
    stack = await startStackWith(settings, { dataDir });
  });
  afterAll(async () => {
    await stack.stop();
    rmSync(dataDir, { recursive: true });
  });

  test('whoever is named signs in, and has tools', async () => {
    const person = await connectTools(stack.issuer, { address: alice });
    expect(await person.run('whoami')).toMatchObject({ tenant: expect.stringMatching(/^personal-/) });
    await person.close();
  });

  test('an address is the same one however it is written', async () => {
    const before = (await mailsTo(stack.issuer, alice)).length;
    expect((await askForCode(stack.issuer, ' ALICE@Example.com ')).html).toContain('name="code"');
    expect(await mailsTo(stack.issuer, alice)).toHaveLength(before + 1);
  });

  test('nobody else gets a code, and nobody can tell', async () => {
    const asked = await askForCode(stack.issuer, 'mallory@example.com');
    expect(asked.html).toContain('name="code"');
    expect(await mailsTo(stack.issuer, 'mallory@example.com')).toEqual([]);
  });

  test('how long tokens live is the operator’s to say', async () => {
    kept = await connect(stack.issuer, { address: alice });
    expect(kept.tokens.expires_in).toBe(DAY);
  });

  test('what was given outlives a restart of the server', async () => {
    const { port: PORT } = new URL(stack.issuer);
    await stack.kill();
    stack = await startStackWith(settings, { dataDir, env: { PORT } });
    const renewed = await tokensIn(await refresh(stack.issuer, kept.clientId, kept.tokens.refresh_token));
    expect(await isAccepted(stack.issuer, renewed.access_token)).toBe(true);
    kept = { ...kept, tokens: renewed };
  });

  test('a connection that lies idle for longer than that has ended', async () => {
    const { clientId: client_id, tokens } = kept;
    const renewal = { grant_type: 'refresh_token', client_id, refresh_token: tokens.refresh_token };
    expect(await refusal(await requestTokens(stack.issuer, renewal, later(31 * DAY)))).toBe('400 invalid_grant');
  });
});
