import { describe, expect, inject, test } from 'vitest';
import { Inspector } from '../support/inspector.ts';
import { initialScopes } from '../support/scopes.ts';

const issuer = inject('issuer');
const mcpUrl = `${issuer}/mcp`;

describe("the MCP Inspector's command line", () => {
  test('registers, signs in at the address that it prints, calls a tool, and asks nobody the next time', async () => {
    const inspector = new Inspector(mcpUrl);
    const create = ['--method', 'tools/call', '--tool-name', 'create_todo', '--tool-arg', 'title=Look'];
    const first = await inspector.run(create);
    expect(first, first.printed).toMatchObject({ code: 0, result: { structuredContent: { title: 'Look' } } });
    const asked = Object.fromEntries(first.asked?.searchParams ?? []);
    expect(asked).toMatchObject({ resource: mcpUrl, prompt: 'consent' });
    expect(asked.scope?.split(' ')).toEqual([...(await initialScopes(issuer)), 'offline_access']);
    const list = ['--method', 'tools/call', '--tool-name', 'list_todos', '--protocol-era', 'modern'];
    const second = await inspector.run([...list, '--stored-auth-only']);
    expect(second, second.printed).toMatchObject({
      code: 0,
      result: { structuredContent: { todos: [{ title: 'Look' }] } },
    });
    expect(second.asked).toBeUndefined();
  });

  test('finds nothing in the schemas of the tools that would keep another client from them', async () => {
    const { code, printed, result } = await new Inspector(mcpUrl).run(['--method', 'tools/list', '--strict']);
    expect(code, printed).toBe(0);
    expect(result).toMatchObject({ tools: expect.arrayContaining([expect.objectContaining({ name: 'whoami' })]) });
  });
});
