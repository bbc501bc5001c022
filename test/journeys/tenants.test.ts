import { randomUUID } from 'node:crypto';
import { describe, expect, inject, test } from 'vitest';
import { Operator } from '../cli/admin-process.ts';
import { connect } from '../support/flow.ts';
import { type Answer, ask, callTool, resultOf } from '../support/mcp.ts';

const issuer = inject('issuer');
const operator = new Operator(issuer);

/** Other suites run on the same stack, so the tenants and people of this journey have names of their own. */
const mark = randomUUID().slice(0, 8);
const [a, b] = [`tenant-a-${mark}`, `tenant-b-${mark}`];
const address = (name: string) => `${name}-${mark}@example.com`;
const people = new Map<string, string>();

const call = (name: string, tool: string, args: object): Promise<Answer> =>
  callTool(issuer, people.get(name), tool, args);

async function succeed(...command: string[]): Promise<void> {
  const { code, stderr } = await operator.run(...command);
  if (code !== 0) throw new Error(stderr);
}

/** What became of a call, as its caller sees it. */
async function outcome(answer: Promise<Answer>): Promise<string> {
  const { message, status } = await answer;
  if (message.error) return message.error.code === -32_602 ? 'unknown tool' : `error ${message.error.code}`;
  return status === 200 && !message.result?.isError ? 'allowed' : `refused with ${status}`;
}

/** What the users of a server for several tenants had: tools by tenant, scopes by person, and an audit of every call. */
describe('three people in two tenants', () => {
  test('the operator says what each tenant may use, and who is who, before anybody comes', async () => {
    await succeed('tenants', 'add', a, '--name', 'Tenant A');
    await succeed('tenants', 'add', b, '--name', 'Tenant B');
    await succeed('tenants', 'policy', a, '--tools', 'echo,search_documents,admin_purge');
    await succeed('tenants', 'policy', b, '--tools', 'echo,search_documents,export_report');
    await succeed('tenants', 'add-member', a, address('alice'), '--role', 'admin');
    await succeed('tenants', 'add-member', a, address('bob'));
    await succeed('tenants', 'add-member', b, address('carol'));
  });

  test.for([
    ['alice', ['everyday:use', 'workspace:read', 'workspace:admin']],
    ['bob', ['everyday:use', 'workspace:read']],
    ['carol', ['everyday:use', 'workspace:read']],
  ] as const)('%s signs in, and can grant what role and tenant allow and no more', async ([name, scopes]) => {
    const scope = 'todos:write everyday:use workspace:read workspace:write workspace:admin';
    const { tokens } = await connect(issuer, { address: address(name), request: { scope } });
    expect(tokens.scope.split(' ')).toEqual(scopes);
    people.set(name, tokens.access_token);
  });

  test.for([
    ['alice', ['search_documents', 'echo', 'admin_purge']],
    ['bob', ['search_documents', 'echo']],
    ['carol', ['search_documents', 'export_report', 'echo']],
  ] as const)('%s sees just these tools', async ([name, tools]) => {
    const { tools: listed } = resultOf(await ask(issuer, people.get(name), 'tools/list'));
    expect((listed as { readonly name: string }[]).map((tool) => tool.name).sort()).toEqual([...tools].sort());
  });

  const lines = [
    ['alice', 'echo', { message: 'hi' }, 'allowed'],
    ['alice', 'search_documents', { query: 'plan' }, 'allowed'],
    ['alice', 'export_report', { reportId: 'r1' }, 'unknown tool'],
    ['alice', 'admin_purge', { confirm: true }, 'allowed'],
    ['bob', 'echo', { message: 'hi' }, 'allowed'],
    ['bob', 'search_documents', { query: 'plan' }, 'allowed'],
    ['bob', 'admin_purge', { confirm: true }, 'unknown tool'],
    ['bob', 'export_report', { reportId: 'r1' }, 'unknown tool'],
    ['carol', 'echo', { message: 'hi' }, 'allowed'],
    ['carol', 'search_documents', { query: 'plan' }, 'allowed'],
    ['carol', 'export_report', { reportId: 'r1' }, 'allowed'],
    ['carol', 'admin_purge', { confirm: true }, 'unknown tool'],
  ] as const;
  test.for(lines)('%s calls %s with %o: %s', async ([name, tool, args, expected]) => {
    expect(await outcome(call(name, tool, args))).toBe(expected);
  });

  test.for([
    [a, ['alice', 'bob']],
    [b, ['carol']],
  ] as const)('the audit of %s proves each of these calls, and none of the other tenant', async ([tenant, members]) => {
    const { stdout } = await operator.run('audit', '--tenant', tenant, '--event', 'tool_call', '--json');
    const items = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { tool: string; outcome: string });
    const expected = lines
      .filter(([name]) => members.some((member) => member === name))
      .map(([, tool, , became]) => `${tool} ${became === 'allowed' ? 'allowed' : 'denied'}`);
    expect(items.map((item) => `${item.tool} ${item.outcome}`).sort()).toEqual(expected.sort());
    expect(stdout).not.toContain('plan');
  });

  test('a policy that is changed acts on the next call, of a token that was there before', async () => {
    await succeed('tenants', 'policy', a, '--tools', 'search_documents');
    expect(await outcome(call('alice', 'echo', { message: 'hi' }))).toBe('unknown tool');
    await succeed('tenants', 'set-role', b, address('carol'), '--role', 'admin');
    await succeed('tenants', 'policy', b, '--all-tools');
    expect((await call('carol', 'admin_purge', { confirm: true })).status).toBe(403);
  });

  test('a tenant that has used up its calls waits, and the other does not', async () => {
    await succeed('tenants', 'policy', a, '--calls-per-hour', '1');
    await call('bob', 'search_documents', { query: 'plan' });
    expect((await call('bob', 'search_documents', { query: 'plan' })).status).toBe(429);
    expect(await outcome(call('carol', 'echo', { message: 'hi' }))).toBe('allowed');
  });
});
