import { expect, test, vi } from 'vitest';
import type { AccessToken } from '#core/oauth/access-token.ts';
import { remembering } from '../../lambdas/mcp/verified-tokens.ts';

const expected = { issuer: 'https://auth.example.com', resource: 'https://auth.example.com/mcp', now: 1_000 };

/** A verifier that finds every token genuine but those that are called forged, and refuses what has expired as jose does. */
function verifier() {
  return vi.fn(async (token: string, { now }: typeof expected): Promise<AccessToken | undefined> => {
    const expiresAt = 2_000;
    if (token.startsWith('forged') || expiresAt <= now) return undefined;
    const identity = { subject: token, tenant: 't', grantId: 'g', clientId: 'c', scopes: [], id: 'i', jkt: undefined };
    return { ...identity, issuedAt: 0, expiresAt };
  });
}

test('a token is verified once, and gives the same each time', async () => {
  const verify = verifier();
  const remembered = remembering(verify);
  const first = await remembered('one', expected);
  expect(first?.subject).toBe('one');
  expect(await remembered('one', expected)).toEqual(first);
  expect(verify).toHaveBeenCalledTimes(1);
});

test.for([
  ['has expired by now', 'one', { now: 2_000 }],
  ['is for another resource', 'one', { resource: 'https://other.example.com/mcp' }],
  ['is of another issuer', 'one', { issuer: 'https://other.example.com' }],
  ['differs in its last character', 'onf', {}],
] as const)('a token is verified again where it %s', async ([, token, changes]) => {
  const verify = verifier();
  const remembered = remembering(verify);
  await remembered('one', expected);
  await remembered(token, { ...expected, ...changes });
  expect(verify).toHaveBeenCalledTimes(2);
});

test('a token that was verified is refused once it has expired', async () => {
  const remembered = remembering(verifier());
  await remembered('one', expected);
  expect(await remembered('one', { ...expected, now: 1_999 })).toBeDefined();
  expect(await remembered('one', { ...expected, now: 2_000 })).toBeUndefined();
});

test('a refusal is not remembered', async () => {
  const verify = verifier();
  const remembered = remembering(verify);
  for (const _ of ['first', 'second']) expect(await remembered('forged', expected)).toBeUndefined();
  expect(verify).toHaveBeenCalledTimes(2);
});

test('the oldest is forgotten where there are too many', async () => {
  const verify = verifier();
  const remembered = remembering(verify, 2);
  for (const token of ['one', 'two', 'three']) await remembered(token, expected);
  verify.mockClear();
  await remembered('three', expected);
  await remembered('two', expected);
  expect(verify).not.toHaveBeenCalled();
  await remembered('one', expected);
  expect(verify).toHaveBeenCalledTimes(1);
});
