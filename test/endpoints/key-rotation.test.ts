import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SettingChanges } from '../support/assembly.ts';
import { connect, isAccepted, refresh, type Tokens } from '../support/flow.ts';
import { tokensIn } from '../support/redemption.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';

type Keys = NonNullable<SettingChanges['signingKeys']>;

/** The public keys, as anyone can read them. */
async function publishedKeys({ issuer }: RunningStack): Promise<readonly Record<string, unknown>[]> {
  const { keys } = (await (await fetch(`${issuer}/.well-known/jwks.json`)).json()) as {
    readonly keys: readonly Record<string, unknown>[];
  };
  return keys;
}

function kidOf(token: string): string {
  return String(decodeProtectedHeader(token).kid);
}

describe('changing the signing key of a server that is in use, step by step, RFC 7517 §5', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'vestibule-rotation-'));
  const kids: Record<string, string> = {};
  let stack: RunningStack;
  let clientId: string;
  /** What a client that never misses a step holds, and what another one got at the very beginning. */
  let tokens: Tokens;
  let sleeper: { readonly clientId: string; readonly tokens: Tokens };
  let signedByA: string;
  let signedByB: string;

  /** The same server with other keys in its settings, at the same address, since its address is its name. */
  async function deploy(signingKeys: Keys): Promise<void> {
    const port = new URL(stack.issuer).port;
    await stack.stop();
    stack = await startStackWith({ signingKeys }, { dataDir, env: { PORT: port } });
  }

  async function renew(): Promise<string> {
    tokens = await tokensIn(await refresh(stack.issuer, clientId, tokens.refresh_token));
    expect(await isAccepted(stack.issuer, tokens.access_token)).toBe(true);
    return tokens.access_token;
  }

  const publishedKids = async () => (await publishedKeys(stack)).map(({ kid }) => String(kid));

  beforeAll(async () => {
    stack = await startStackWith({ signingKeys: { current: 'a' } }, { dataDir });
  });
  afterAll(async () => {
    await stack.stop();
    rmSync(dataDir, { recursive: true });
  });

  test('at first there is one key, and it signs', async () => {
    sleeper = await connect(stack.issuer);
    ({ clientId, tokens } = await connect(stack.issuer));
    signedByA = tokens.access_token;
    kids.a = kidOf(signedByA);
    expect(await publishedKids()).toEqual([kids.a]);
    expect(await isAccepted(stack.issuer, signedByA)).toBe(true);
  });

  test('the next one is published before it signs anything', async () => {
    await deploy({ current: 'a', next: 'b' });
    const [first, second, ...others] = await publishedKids();
    expect(first).toBe(kids.a);
    expect(others).toEqual([]);
    kids.b = second ?? '';
    expect(kids.b).not.toBe(kids.a);
    expect(await isAccepted(stack.issuer, signedByA)).toBe(true);
    expect(kidOf(await renew())).toBe(kids.a);
  });

  test('then it signs, and what the old one has signed still counts', async () => {
    await deploy({ current: 'b', retired: 'a' });
    expect((await publishedKids()).sort()).toEqual([kids.a, kids.b].sort());
    expect(await isAccepted(stack.issuer, signedByA)).toBe(true);
    signedByB = await renew();
    expect(kidOf(signedByB)).toBe(kids.b);
  });

  test('once the old one is left out, nothing that it signed counts any more', async () => {
    await deploy({ current: 'b' });
    expect(await publishedKids()).toEqual([kids.b]);
    expect(await isAccepted(stack.issuer, signedByA)).toBe(false);
    expect(await isAccepted(stack.issuer, signedByB)).toBe(true);
  });

  test('a client that slept all the while refreshes and goes on', async () => {
    expect(await isAccepted(stack.issuer, sleeper.tokens.access_token)).toBe(false);
    const renewed = await tokensIn(await refresh(stack.issuer, sleeper.clientId, sleeper.tokens.refresh_token));
    expect(kidOf(renewed.access_token)).toBe(kids.b);
    expect(await isAccepted(stack.issuer, renewed.access_token)).toBe(true);
  });

  test('with all three named, all three are published, each under the name that it always had', async () => {
    await deploy({ current: 'b', next: 'c', retired: 'a' });
    const keys = await publishedKeys(stack);
    expect(keys.map(({ kid }) => kid)).toEqual(expect.arrayContaining([kids.a, kids.b]));
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(3);
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
      expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
    }
    expect(kidOf(await renew())).toBe(kids.b);
    expect(await isAccepted(stack.issuer, signedByA)).toBe(true);
  });
});
