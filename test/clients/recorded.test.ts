import { describe, expect, inject, test } from 'vitest';
import { outputOf, resultOf } from '../support/mcp.ts';
import { recordedClients } from '../support/recorded-clients.ts';
import { connectAs, openSession } from '../support/recorded-walk.ts';
import { tokensIn } from '../support/redemption.ts';
import { initialScopes } from '../support/scopes.ts';

const issuer = inject('issuer');
const everyScope = await initialScopes(issuer);

describe.for(recordedClients)('$name, as its sources have it', (client) => {
  test('finds the server, registers, signs in, opens a session and refreshes', async () => {
    const connected = await connectAs(issuer, client);
    const { tokens } = connected;
    expect(tokens.scope.split(' ').sort()).toEqual([...everyScope].sort());
    const { protocolVersion } = client.initialize;
    expect(resultOf(await openSession(issuer, client, connected))).toMatchObject({ protocolVersion });
    for (const [method, params] of client.afterwards) {
      expect([method, (await connected.ask(method, params)).message.error]).toEqual([method, undefined]);
    }
    const renewed = await tokensIn(await connected.refresh(tokens.refresh_token));
    expect(renewed.scope).toBe(tokens.scope);
    expect(renewed.refresh_token).not.toBe(tokens.refresh_token);
  });

  test('calls tools with what it adds to the arguments', async () => {
    const { ask } = await connectAs(issuer, client);
    const call = async (name: string, input: object) =>
      outputOf(await ask('tools/call', { name, arguments: { ...input, ...client.slippedIn } }));
    const { id } = await call('create_todo', { title: 'Water the plants' });
    expect(await call('list_todos', { done: false })).toMatchObject({ todos: [{ id, title: 'Water the plants' }] });
    expect(await call('whoami', {})).toMatchObject({ role: 'member' });
  });
});
