import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectTools, type Todo, type ToolClient } from '../support/tool-client.ts';

const issuer = inject('issuer');
const nowhere = '01M7XFHDDPAHQ5PMB2C7W0QSM0';

let person: ToolClient;
let stranger: ToolClient;
let made: readonly Todo[];

beforeAll(async () => {
  [person, stranger] = await Promise.all([connectTools(issuer), connectTools(issuer)]);
  const todos: Todo[] = [];
  for (const todo of [
    { title: 'Read “Dune”', notes: 'The first one', due: '2026-12-01', priority: 'high', tags: ['reading', 'books'] },
    { title: 'Read the manual', tags: ['reading'] },
    { title: 'Read it all', tags: ['reading', 'only when done'] },
    { title: '[x](javascript:alert(1)) # <b>no</b> *heading*', tags: ['später / größer, 50%'] },
  ]) {
    todos.push(await person.run('create_todo', todo));
  }
  await person.run('complete_todo', { id: todos[2]?.id });
  await stranger.run('create_todo', { title: 'Not yours', tags: ['reading', 'secret'] });
  made = todos;
});
afterAll(() => Promise.all([person.close(), stranger.close()]));

async function read(
  uri: string,
  reader = person,
): Promise<{ readonly mimeType?: string | undefined; readonly text: string }> {
  const [content, ...others] = (await reader.client.readResource({ uri })).contents;
  if (others.length > 0 || !content || !('text' in content)) throw new Error('Not one text');
  expect(content.uri).toBe(uri);
  return content;
}

const refusal = (uri: string, reader = person) => reader.client.readResource({ uri }).catch((error: unknown) => error);

async function suggested(typed: string, asking = person): Promise<readonly string[]> {
  const { completion } = await asking.client.complete({
    ref: { type: 'ref/resource', uri: 'todo://list/{tag}' },
    argument: { name: 'tag', value: typed },
  });
  return completion.values;
}

describe('todo://{id}', () => {
  test('is the todo as get_todo gives it, as JSON', async () => {
    const { mimeType, text } = await read(`todo://${made[0]?.id}`);
    expect(mimeType).toBe('application/json');
    expect(JSON.parse(text)).toEqual(made[0]);
  });

  test('is listed for the open todos, with their titles', async () => {
    const { resources } = await person.client.listResources();
    const listed = resources.filter(({ uri }) => uri.startsWith('todo://'));
    expect(listed.map(({ uri, title }) => [uri, title])).toEqual(
      [made[0], made[1], made[3]].map((todo) => [`todo://${todo?.id}`, todo?.title]),
    );
    expect(listed[0]).toMatchObject({ description: 'Due 2026-12-01', mimeType: 'application/json' });
  });

  test('is listed for a hundred todos and no more', async () => {
    const busy = await connectTools(issuer);
    for (let at = 0; at < 101; at += 1) await busy.run('create_todo', { title: `Number ${at}` });
    const { resources } = await busy.client.listResources();
    const titles = resources.filter(({ uri }) => uri.startsWith('todo://')).map(({ title }) => title);
    expect(titles).toEqual(Array.from({ length: 100 }, (_, at) => `Number ${at}`));
    await busy.close();
  });

  test('is not found where there is no such todo, or it is somebody else’s', async () => {
    for (const id of [nowhere, 'x', 'list', 'x'.repeat(41), `${made[0]?.id}x`, `TODO%23${made[0]?.id}`, '%']) {
      expect(await refusal(`todo://${id}`)).toMatchObject({ code: -32_602 });
    }
    expect(await refusal(`todo://${made[0]?.id}`, stranger)).toMatchObject({ code: -32_602 });
  });
});

describe('todo://list/{tag}', () => {
  test('is a list of the open todos with that tag, in Markdown', async () => {
    const { mimeType, text } = await read('todo://list/reading');
    expect(mimeType).toBe('text/markdown');
    expect(text).toBe(
      [
        '# reading',
        '',
        `- [ ] [Read “Dune”](todo://${made[0]?.id}) (due 2026-12-01, high priority)`,
        `- [ ] [Read the manual](todo://${made[1]?.id})`,
        '',
      ].join('\n'),
    );
  });

  test('takes the tag in any case, and with all that a tag may hold', async () => {
    expect((await read('todo://list/READING')).text).toContain('Dune');
    const { text } = await read(`todo://list/${encodeURIComponent('später / größer, 50%')}`);
    expect(text.split('\n')).toHaveLength(4);
    expect(text).toContain(
      String.raw`- [ ] [\[x\](javascript:alert(1)) \# \<b\>no\</b\> \*heading\*](todo://${made[3]?.id})`,
    );
  });

  test('is not found where no open todo has the tag', async () => {
    for (const tag of ['secret', encodeURIComponent('only when done'), 'read', '%20', '%ff', 'x'.repeat(41)]) {
      expect(await refusal(`todo://list/${tag}`)).toMatchObject({ code: -32_602 });
    }
  });

  test('shows a hundred todos, and says how many more there are', async () => {
    const busy = await connectTools(issuer);
    for (let at = 0; at < 103; at += 1) await busy.run('create_todo', { title: `Number ${at}`, tags: ['many'] });
    const { text } = await read('todo://list/many', busy);
    expect(text.match(/^- /gm)).toHaveLength(100);
    expect(text).toContain('\nAnd 3 more.\n');
    await busy.close();
  });

  test('offers the tags of open todos that begin with what is typed, and nobody else’s', async () => {
    expect(await suggested('')).toEqual(['books', 'reading', 'später / größer, 50%']);
    expect(await suggested('RE')).toEqual(['reading']);
    expect(await suggested('sec')).toEqual([]);
    expect(await suggested('', stranger)).toEqual(['reading', 'secret']);
  });
});

describe('the addresses of todos', () => {
  test('never fit both templates', async () => {
    const { resourceTemplates } = await person.client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(
      expect.arrayContaining(['todo://{id}', 'todo://list/{tag}']),
    );
    const tagged = await connectTools(issuer);
    const { id } = await tagged.run('create_todo', { title: 'One', tags: ['one'] });
    await tagged.run('create_todo', { title: 'Two', tags: [id] });
    expect(JSON.parse((await read(`todo://${id}`, tagged)).text)).toMatchObject({ title: 'One' });
    expect((await read(`todo://list/${id}`, tagged)).text).toContain('Two');
    await tagged.close();
  });

  test('are challenged, listed as templates alone and completed with nothing without the scope', async () => {
    const reader = await connectTools(issuer, { scopes: ['profile:read'] });
    expect((await reader.client.listResources()).resources.filter(({ uri }) => uri.startsWith('todo://'))).toEqual([]);
    expect(await suggested('', reader)).toEqual([]);
    expect(await refusal(`todo://${made[0]?.id}`, reader)).toBeInstanceOf(Error);
    await reader.close();
  });
});
