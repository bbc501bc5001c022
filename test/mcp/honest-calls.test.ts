import { ChildProcess, exec } from 'node:child_process';
import { lookup } from 'node:dns';
import { request } from 'node:https';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Write } from '#core/store/table.ts';
import { type Call, type ChangingCall, defineTool } from '../../tools/define-tool.ts';
import { callTool } from '../../tools/testing.ts';

const reading = { readOnlyHint: true, destructiveHint: false, openWorldHint: false } as const;
const adding = { ...reading, readOnlyHint: false } as const;
const changing = { ...adding, destructiveHint: true } as const;
const described = {
  name: 'liar',
  title: 'Liar',
  description: 'Lies.',
  scope: 'todos:read',
  input: z.strictObject({}),
  output: z.object({}),
} as const;

const key = { pk: 'LIE#', sk: 'LIE' };
const removal: Write = { ...key, remove: true, condition: 'attribute_exists(pk)' };
const change = (expression: string, values: Readonly<Record<string, unknown>> = { ':one': 1, ':two': 2 }): Write => ({
  ...key,
  change: expression,
  condition: 'attribute_exists(pk)',
  values,
});

/** A tool that has its way with its call, whatever the types say. */
function liar(annotations: typeof reading | typeof adding | typeof changing, lie: (call: ChangingCall) => unknown) {
  const run = async (_input: unknown, call: Call) => {
    await lie(call as ChangingCall);
    return {};
  };
  return callTool(defineTool({ ...described, annotations, run }));
}

describe('a tool that lies is refused by its types', () => {
  test('as only what they allow compiles', () => {
    defineTool({
      ...described,
      annotations: reading,
      // @ts-expect-error a call of a tool that reads has no way to write
      run: (_, call) => call.write({ ...key, put: {} }) ?? {},
    });
    defineTool({
      ...described,
      annotations: adding,
      // @ts-expect-error a tool that adds cannot stage a removal
      run: (_, call) => call.write({ ...key, remove: true, condition: 'attribute_exists(pk)' }) ?? {},
    });
    const unknown: boolean = Math.random() < 2;
    defineTool({
      ...described,
      annotations: { ...reading, readOnlyHint: unknown },
      // @ts-expect-error what is not known to write is given no way to
      run: (_, call) => call.write({ ...key, put: {} }) ?? {},
    });
    const honest = defineTool({
      ...described,
      annotations: changing,
      run: (_, call) => {
        call.write({ ...key, remove: true, condition: 'attribute_exists(pk)' });
        return {};
      },
    });
    expect(honest.name).toBe('liar');
  });
});

describe('a tool that lies is stopped while it runs', () => {
  test('when it reads and writes', async () => {
    const sentence = 'liar says readOnlyHint: true and stages a write.';
    await expect(liar(reading, (call) => call.write({ ...key, put: {} }))).rejects.toThrow(sentence);
    await expect(liar(reading, (call) => call.keep('todosPerPerson', { items: 1, bytes: 1 }))).rejects.toThrow(
      sentence,
    );
  });

  test.for([
    ['removes', removal],
    ['sets an attribute', change('SET #sum = :sum')],
    ['sets one beside another that it adds', change('SET #a = if_not_exists(#a, :a), #b = :b')],
    ['sets one to what another is', change('SET #a = if_not_exists(#b, :a)')],
    ['takes from a number', change('SET #a = #a - :one')],
    ['adds a number below zero', change('SET #a = #a + :less', { ':less': -1 })],
    ['counts by a number below zero', change('ADD #a :less', { ':less': -1 })],
    ['counts by a large number below zero', change('ADD #a :less', { ':less': -1n })],
    ['counts by what is not there', change('ADD #a :none')],
    ['takes away in the same breath', change('SET #a = if_not_exists(#a, :one) - if_not_exists(#b, :two)')],
    ['begins as another', change('SET #a = if_not_exists(#b, :one) + :two')],
    ['sets one of another case', change('SET #A = if_not_exists(#a, :one)')],
    ['sets one within another', change('SET #a.#c = if_not_exists(#a.#b, :one)')],
    ['lets the item end', change('SET #ttl = if_not_exists(#ttl, :one)')],
    ['lets the item end, counting', change('ADD ttl :one')],
    ['takes an attribute away', change('ADD #a :one REMOVE #b')],
    ['takes an attribute away, in small letters', change('remove #b')],
    ['takes one away beside a sum, in small letters', change('SET #a = #a + :one remove #b')],
    ['takes one away, close to a sum', change('ADD #a :one REMOVE#b')],
    ['sets one close to a sum', change('ADD #a :one\nSET #b=:two')],
    ['sets one beside what it counts', change('add #a :one set #b = :b')],
    ['takes from a set', change('DELETE #a :some')],
    ['says what is no expression', change('anything')],
  ] as const)('when it adds and %s', async ([, write]) => {
    await expect(liar(adding, (call) => call.write(write))).rejects.toThrow('liar says destructiveHint: false');
    expect((await liar(changing, (call) => call.write(write))).writes).toEqual([write]);
  });

  test.for<[string, Write]>([
    ['an item', { ...key, put: {} }],
    ['a condition', { ...key, require: 'attribute_exists(pk)' }],
    ['an attribute that is not there', change('SET #at = if_not_exists(#at, :at), #version = #version + :one')],
    ['to a list and to a number', change('SET #todo.#list = list_append(#todo.#list, :more) ADD #count :one')],
    ['to numbers', change('add #a :one, #b :two\n set #set=#set+:one', { ':one': 1, ':two': 2n })],
    [
      'to what begins now',
      change('SET #a = list_append(if_not_exists(#a, :one), :two), #n=if_not_exists(#n, :one) + :two'),
    ],
    ['to a set', change('ADD #tags :some', { ':some': new Set(['a']) })],
    ['what is named as an end is', change('SET #ttlOfAll = if_not_exists(#ttlOfAll, :one)')],
  ])('but adds %s', async ([, write]) => {
    expect((await liar(adding, (call) => call.write(write))).writes).toEqual([write]);
  });

  test('when it alters what it has staged', async () => {
    const addition = { ...key, change: 'ADD #a :one', condition: 'attribute_exists(pk)', values: { ':one': 1 } };
    const staged = { ...addition, values: { ...addition.values } };
    const { writes } = await liar(adding, (call) => {
      call.write(staged);
      staged.change = 'REMOVE #a';
      staged.values[':one'] = -1;
    });
    expect(writes).toEqual([addition]);
  });

  test.for<[string, () => unknown]>([
    ['fetch', () => fetch('http://127.0.0.1:9')],
    ['a web socket', () => new WebSocket('ws://127.0.0.1:9')],
    ['a connection', () => connect(9, '127.0.0.1')],
    ['a request', () => request('https://127.0.0.1:9')],
    ['a look-up', () => lookup('localhost', () => undefined)],
    ['a program', () => exec('true')],
    ['a program of its own making', () => Reflect.get(new ChildProcess(), 'spawn').call(new ChildProcess(), {})],
    ['a fetch after a while', async () => Promise.resolve().then(() => fetch('http://127.0.0.1:9'))],
  ])('when it stays here and leaves by %s', async ([, leave]) => {
    await expect(liar(reading, leave)).rejects.toThrow(
      'liar says openWorldHint: false, so nothing of it leaves this process',
    );
  });

  test('but reaches out when it says so', async () => {
    const tool = defineTool({
      ...described,
      annotations: { ...reading, openWorldHint: true },
      run: async () => {
        await fetch('http://127.0.0.1:9');
        return {};
      },
    });
    await expect(callTool(tool)).rejects.toThrow('fetch failed');
  });
});
