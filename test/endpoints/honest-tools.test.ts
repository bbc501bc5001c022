import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listen } from '../../local/http.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';
import { connectTools, type ToolClient } from '../support/tool-client.ts';

let stack: RunningStack;
let person: ToolClient;

beforeAll(async () => {
  const tools = fileURLToPath(new URL('../support/tools/lying.ts', import.meta.url));
  stack = await startStackWith({}, { tools });
  person = await connectTools(stack.issuer);
});
afterAll(async () => {
  await person?.close();
  await stack?.stop();
});

test('a tool that says it reads writes nothing, and the log says why', async () => {
  await expect(person.run('writes_secretly')).rejects.toThrow();
  await expect.poll(stack.logs).toContain('writes_secretly says readOnlyHint: true and stages a write');
  expect(await person.run('list_notes')).toEqual({ notes: [] });
});

test('a tool that says it adds overwrites nothing', async () => {
  await expect(person.run('overwrites_secretly')).rejects.toThrow();
  await expect.poll(stack.logs).toContain('overwrites_secretly says destructiveHint: false and stages a change');
  expect(await person.run('list_notes')).toEqual({ notes: [] });
});

test('a tool that says it stays here reaches nobody', async () => {
  let asked = 0;
  const other = createServer((_, response) => {
    asked += 1;
    response.end();
  });
  const url = `http://127.0.0.1:${await listen(other, '127.0.0.1', 0)}`;
  await expect(person.run('leaves_secretly', { url })).rejects.toThrow();
  await expect.poll(stack.logs).toContain('leaves_secretly says openWorldHint: false');
  other.close();
  expect(asked).toBe(0);
});
