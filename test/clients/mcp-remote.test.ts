import type { Client } from '@modelcontextprotocol/client';
import { describe, expect, inject, test } from 'vitest';
import { Bridge } from '../support/bridge.ts';
import { moreThanAnHour } from '../support/clock.ts';
import { newAddress } from '../support/flow.ts';
import { revoke } from '../support/revoke.ts';

const issuer = inject('issuer');
async function titles(client: Client): Promise<string[]> {
  const { structuredContent } = await client.callTool({ name: 'list_todos', arguments: {} });
  return (structuredContent as { todos: { title: string }[] }).todos.map(({ title }) => title);
}

describe('mcp-remote', () => {
  test.for([
    ['2025-11-25', 'legacy'],
    ['2026-07-28', 'auto'],
  ] as const)(
    'signs in at the address that it prints, and its client calls the tools in revision %s',
    async ([revision, protocol]) => {
      const bridge = new Bridge(issuer, '--protocol', protocol);
      const { client, asked } = await bridge.run();
      expect(Object.fromEntries(asked?.searchParams ?? [])).toMatchObject({ resource: `${issuer}/mcp` });
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['list_todos', 'create_todo', 'whoami']));
      await client.callTool({ name: 'create_todo', arguments: { title: 'Through the bridge' } });
      expect(await titles(client)).toEqual(['Through the bridge']);
      expect([...bridge.revisions]).toEqual([revision]);
    },
  );

  test('starts again with the tokens that it stored, and asks nobody', async () => {
    const bridge = new Bridge(issuer);
    const first = await bridge.run();
    await first.client.callTool({ name: 'create_todo', arguments: { title: 'Before' } });
    await first.client.close();
    const second = await bridge.run();
    expect(second.asked).toBeUndefined();
    expect(await titles(second.client)).toEqual(['Before']);
  });

  test('refreshes an expired token in the middle of a call and at a start, and asks nobody', async () => {
    const bridge = new Bridge(issuer);
    const { client } = await bridge.run();
    const { refresh_token: first } = bridge.stored('tokens');
    bridge.clock.advance(moreThanAnHour);
    expect(await titles(client)).toEqual([]);
    const { refresh_token: second } = bridge.stored('tokens');
    await client.close();
    bridge.clock.advance(moreThanAnHour);
    const { asked, client: again } = await bridge.run();
    expect(asked).toBeUndefined();
    expect(await titles(again)).toEqual([]);
    expect(new Set([first, second, bridge.stored('tokens').refresh_token]).size).toBe(3);
  });

  test('asks to sign in again at a start after a revocation', async () => {
    const bridge = new Bridge(issuer);
    const address = newAddress();
    const { client } = await bridge.run({ address });
    await client.callTool({ name: 'create_todo', arguments: { title: 'Still there' } });
    await client.close();
    await revoke(issuer, bridge.stored('client_info').client_id ?? '', bridge.stored('tokens').refresh_token ?? '');
    const { asked, client: again } = await bridge.run({ address });
    expect(asked).toBeDefined();
    expect(await titles(again)).toEqual(['Still there']);
  });
});
