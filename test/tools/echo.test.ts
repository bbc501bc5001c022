import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectTools, type ToolClient } from '../support/tool-client.ts';

let person: ToolClient;
beforeAll(async () => {
  person = await connectTools(inject('issuer'));
});
afterAll(() => person.close());

describe('echo', () => {
  test.for([
    'Hello',
    '',
    '  spaces kept  ',
    'two\nlines\t\u0000',
    '{"a":1}',
    '<b>&amp;</b>',
    '漢字 👩‍🚀',
    'x'.repeat(10_000),
  ])('gives back %j', async (message) => {
    expect(await person.run('echo', { message })).toEqual({ message });
  });

  test.for<[string, object]>([
    ['message', {}],
    ['message', { message: null }],
    ['message', { message: 7 }],
    ['message', { message: 'x'.repeat(10_001) }],
    ['times', { message: 'x', times: 2 }],
  ])('refuses, naming %s', async ([part, input]) => {
    expect(await person.refuse('echo', input)).toContain(part);
  });
});
