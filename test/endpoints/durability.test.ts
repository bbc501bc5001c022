import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, refresh, register, type Tokens } from '../support/flow.ts';
import { newTodo, titles } from '../support/mcp.ts';
import { refusal, tokensIn } from '../support/redemption.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

describe('a server killed while it writes, and started again', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'vestibule-durability-'));
  const acknowledged: string[] = [];
  let stack: RunningStack;
  let clientId: string;
  let tokens: Tokens;
  let newest: Tokens;
  let registered: string;

  beforeAll(async () => {
    const first = await startStack({ dataDir });
    const connection = await connect(first.issuer);
    ({ clientId, tokens } = connection);
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let count = 0; ; count += 1) {
        const title = `Number ${count} of writer ${writer}`;
        await newTodo(first.issuer, tokens.access_token, { title });
        acknowledged.push(title);
      }
    });
    while (acknowledged.length < 40) await Promise.race([...writers, new Promise(setImmediate)]);
    newest = await tokensIn(await refresh(first.issuer, clientId, tokens.refresh_token));
    ({ client_id: registered } = await register(first.issuer));
    await first.kill();
    await Promise.allSettled(writers);
    stack = await startStack({ dataDir, env: { PORT: new URL(first.issuer).port } });
  });
  afterAll(async () => {
    await stack.stop();
    rmSync(dataDir, { recursive: true });
  });

  test('has every todo that it acknowledged, and none twice', async () => {
    const { access_token } = await tokensIn(await refresh(stack.issuer, clientId, newest.refresh_token));
    const found = await titles(stack.issuer, access_token);
    expect(found).toEqual(expect.arrayContaining(acknowledged));
    expect(new Set(found).size).toBe(found.length);
  });

  test('has the grant, and knows which of its refresh tokens were spent', async () => {
    const again = await tokensIn(await refresh(stack.issuer, clientId, newest.refresh_token));
    const late = await refresh(stack.issuer, clientId, tokens.refresh_token);
    expect(await refusal(late)).toBe('400 invalid_grant');
    expect((await refresh(stack.issuer, clientId, again.refresh_token)).status).toBe(200);
  });

  test('has the client that registered last', async () => {
    expect(await refusal(await refresh(stack.issuer, registered, 'x'))).toBe('400 invalid_grant');
  });

  test('signs with the same key', async () => {
    const keys = (await (await fetch(`${stack.issuer}/.well-known/jwks.json`)).json()) as {
      readonly keys: readonly object[];
    };
    const { kid } = JSON.parse(Buffer.from(tokens.access_token.split('.')[0] ?? '', 'base64url').toString()) as {
      readonly kid: string;
    };
    expect(keys.keys).toContainEqual(expect.objectContaining({ kid }));
  });
});
