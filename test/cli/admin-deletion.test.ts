import { describe, expect, inject, test } from 'vitest';
import { isAccepted, newAddress, refresh } from '../support/flow.ts';
import { newTodo, titles } from '../support/mcp.ts';
import { type Connected, connected } from './admin-person.ts';
import { Operator } from './admin-process.ts';

const issuer = inject('issuer');
const operator = new Operator(issuer);

async function isAlive({ clientId, tokens }: Connected): Promise<readonly [boolean, number]> {
  const { access_token, refresh_token } = tokens;
  return [await isAccepted(issuer, access_token), (await refresh(issuer, clientId, refresh_token)).status];
}

describe('people delete', () => {
  test('closes an account on the very next call, and deletes what is kept of its person', async () => {
    const person = await connected(issuer);
    const { address, tokens } = person;
    await newTodo(issuer, tokens.access_token);
    const { subject } = await operator.result<{ subject: string }>('people show', { address });
    const { stdout } = await operator.run('people', 'delete', address);
    expect(stdout).toMatch(/^The account of \S+ is closed\. Items deleted: [1-9]\d*\. /);
    expect(await isAlive(person)).toEqual([false, 400]);
    expect(await operator.refusal('people show', { address })).toBe(`Nothing is known of ${address}`);
    expect(await operator.result('people delete-closed', { subject })).toMatchObject({ items_removed: 0, done: true });
    const anew = await connected(issuer, address);
    expect(await titles(issuer, anew.tokens.access_token)).toEqual([]);
    expect(await isAlive(anew)).toEqual([true, 200]);
    expect(await operator.result<{ subject: string }>('people show', { address })).not.toMatchObject({ subject });
  });

  test('works for somebody who is disabled, once, and not for an address that nobody has', async () => {
    const { address } = await connected(issuer);
    await operator.result('people disable', { address });
    expect((await operator.run('people', 'delete', address)).code).toBe(0);
    for (const nobody of [address, newAddress()])
      expect(await operator.refusal('people delete', { address: nobody })).toBe(`Nothing is known of ${nobody}`);
  });
});
