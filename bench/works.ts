import { connect, refresh, register } from '../test/support/flow.ts';
import { tableClient } from '../test/support/items.ts';
import { callTool, newTodo, outputOf } from '../test/support/mcp.ts';
import { Operator } from '../test/support/operator.ts';
import { newMember } from '../test/support/people.ts';
import type { Counted } from './budgets.ts';
import type { Deployed } from './deployed.ts';
import type { Work } from './usage.ts';

type Name = Counted | 'read with a rate' | 'write with a rate';

/** The requests that are counted and priced, and a whole sign-in. */
export async function works({ issuer, engine }: Deployed): Promise<Readonly<Record<Name, Work>>> {
  const operator = new Operator(tableClient(engine));
  const tenant = await operator.newTenant({ calls: { minute: 10_000, hour: 100_000 } });
  // Each person may make 300 calls a minute with one grant.
  const person = async () => (await connect(issuer)).tokens.access_token;
  const member = async () => (await newMember(issuer, operator, tenant)).token;
  const call = async (token: string, name: string, args: object) => {
    await newTodo(issuer, token);
    return { work: async () => outputOf(await callTool(issuer, token, name, args)) };
  };
  const todo = { title: 'Water the plants' };
  const { clientId, tokens } = await connect(issuer);
  let refreshToken = tokens.refresh_token;
  const spend = async () => {
    const answer = await refresh(issuer, clientId, refreshToken);
    if (answer.status !== 200) throw new Error(`The refresh was answered with ${answer.status}`);
    refreshToken = ((await answer.json()) as { readonly refresh_token: string }).refresh_token;
  };
  return {
    read: await call(await person(), 'list_todos', {}),
    write: await call(await person(), 'create_todo', todo),
    'read with a rate': await call(await member(), 'list_todos', {}),
    'write with a rate': await call(await member(), 'create_todo', todo),
    refresh: { work: spend, times: 50 },
    registration: { work: () => register(issuer), times: 30 },
    'sign-in': { work: () => connect(issuer, { isOwnClient: true, byPages: true }), times: 15 },
  };
}
