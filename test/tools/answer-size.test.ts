import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ask, callTool, outputOf, resultOf } from '../support/mcp.ts';
import { connectTools, type Todo, type TodoPage, type ToolClient } from '../support/tool-client.ts';

const issuer = inject('issuer');
/** Claude cuts an answer at about 150,000 characters, and Claude Code takes 25,000 tokens. */
const MOST = 90_000;

let person: ToolClient;
let made: readonly string[];
beforeAll(async () => {
  person = await connectTools(issuer);
  const ids: string[] = [];
  for (let at = 0; at < 50; at += 1) {
    const long = { title: `Number ${at}`.padEnd(200, '"'), notes: 'n'.repeat(3_900), tags: ['many'] };
    ids.push((await person.run('create_todo', long)).id);
  }
  made = ids;
});
afterAll(() => person.close());

/** The answer to a call, and how long it is on the wire. */
async function answered(name: string, input: object) {
  const answer = await callTool(issuer, person.tokens.access_token, name, input);
  return { output: outputOf(answer), characters: JSON.stringify(answer.message).length };
}

describe('an answer is bounded in size', () => {
  test('list_todos gives what there is room for, and goes on from there', async () => {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const { output, characters } = await answered('list_todos', {
        limit: 100,
        ...(cursor === undefined ? {} : { cursor }),
      });
      expect(characters).toBeLessThan(MOST);
      const page = output as unknown as TodoPage;
      expect(page.todos.length).toBeGreaterThan(cursor === undefined ? 3 : 0);
      ids.push(...page.todos.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined && ids.length <= made.length);
    expect(ids).toEqual(made);
  });

  test('search_documents gives fewer results where they are long, and says how many there are', async () => {
    const { output, characters } = await answered('search_documents', { query: 'number', limit: 50 });
    expect(characters).toBeLessThan(MOST);
    const { results, found } = output as { readonly results: readonly object[]; readonly found: number };
    expect([results.length > 10, found]).toEqual([true, 50]);
  });

  test('a list of todos in Markdown says how many more there are', async () => {
    const { contents } = await person.client.readResource({ uri: 'todo://list/many' });
    expect(JSON.stringify(contents).length).toBeLessThan(MOST);
  });

  test('the resources come in pages', async () => {
    const uris: string[] = [];
    let cursor: unknown;
    do {
      const answer = await ask(issuer, person.tokens.access_token, 'resources/list', cursor ? { cursor } : {});
      expect(JSON.stringify(answer.message).length).toBeLessThan(MOST);
      const { resources, nextCursor } = resultOf(answer);
      uris.push(...(resources as { readonly uri: string }[]).map(({ uri }) => uri));
      cursor = nextCursor;
    } while (cursor !== undefined && uris.length <= 100);
    expect(uris.filter((uri) => uri.startsWith('todo://'))).toEqual(made.map((id) => `todo://${id}`));
    expect(new Set(uris).size).toBe(uris.length);
  });

  test('a plan has the most urgent, and says how many more there are', async () => {
    const { messages } = await person.client.getPrompt({ name: 'plan_my_day' });
    expect(JSON.stringify(messages).length).toBeLessThan(MOST);
  });

  test('complete_todo completes all, and says how many it does not show', async () => {
    const { output, characters } = await answered('complete_todo', { ids: made });
    expect(characters).toBeLessThan(MOST);
    const { todos, notShown } = output as { readonly todos: readonly Todo[]; readonly notShown: number };
    expect(todos.map(({ id }) => id)).toEqual(made.slice(0, todos.length));
    expect(todos.length + notShown).toBe(50);
    const open = resultOf(await callTool(issuer, person.tokens.access_token, 'list_todos', { done: false }));
    expect(open.structuredContent).toEqual({ todos: [] });
  });
});
