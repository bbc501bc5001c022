import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { readArguments } from '../../lambdas/mcp/read-arguments.ts';

/** What one argument is read as. Throws the refusal. */
async function read(schema: z.ZodType, value: unknown): Promise<unknown> {
  const outcome = await readArguments(z.strictObject({ a: schema }), { a: value });
  if ('faults' in outcome) throw new Error(outcome.faults);
  return outcome.input.a;
}

async function refusal(schema: z.ZodType, value: unknown): Promise<string> {
  const outcome = await readArguments(z.strictObject({ a: schema }), { a: value });
  if (!('faults' in outcome)) throw new Error(`It is read as ${JSON.stringify(outcome.input.a)}`);
  return outcome.faults;
}

const priority = z.enum(['low', 'normal', 'high']);
const item = z.strictObject({ name: z.string(), count: z.int().optional(), note: z.string().nullable().optional() });

describe('what can be read in one way only is taken', () => {
  test.for([
    ['a number', z.number(), '5', 5],
    ['a number with spaces around it', z.number(), ' 5 ', 5],
    ['a number with spaces and lines around it', z.number(), '\t-0.5\r\n', -0.5],
    ['a number with a power of ten', z.int(), '1e3', 1_000],
    ['a whole number with a fraction of zero', z.int(), '5.0', 5],
    ['a fraction', z.number(), '2.50', 2.5],
    ['a number that may be left out', z.int().min(1).max(9).default(3), '7', 7],
    ['true', z.boolean(), 'true', true],
    ['True', z.boolean().optional(), 'True', true],
    ['FALSE', z.boolean(), ' FALSE ', false],
    ['the one number that is allowed', z.literal([1, 2]), '2', 2],
    ['a choice in another case', priority, 'HIGH', 'high'],
    ['a choice with spaces around it', priority.optional(), ' low ', 'low'],
    ['a choice that is a number', z.enum(['1', '2']), 2, '2'],
    ['a choice that reads like a value', z.enum(['true', 'false']), true, 'true'],
    ['a list', z.array(z.string()), '["a","b"]', ['a', 'b']],
    ['an empty list', z.array(z.string()).optional(), ' [] ', []],
    ['a list of texts for numbers', z.array(z.number()), ['1', 2, '3'], [1, 2, 3]],
    ['a list of texts for numbers, itself a text', z.array(z.number()), '["1", 2]', [1, 2]],
    ['a list that is made into something else', z.array(z.string()).transform((all) => all.length), '["a"]', 1],
    ['a fixed list', z.tuple([z.string(), z.number()]), ['x', '5'], ['x', 5]],
    ['an object', item, '{"name":"x","count":"2"}', { name: 'x', count: 2 }],
    ['an object without members, as PHP writes it', z.record(z.string(), z.number()), [], {}],
    ['an object whose members are all optional, as PHP writes it', z.object({ n: z.int().optional() }), [], {}],
    ['objects in a list', z.array(item), [{ name: '5', count: '2' }], [{ name: '5', count: 2 }]],
    ['an object with any names', z.record(z.string(), z.number()), { x: '1' }, { x: 1 }],
    ['either a number or a list', z.union([z.number(), z.array(z.number())]), '5', 5],
    ['either a number or a list', z.union([z.number(), z.array(z.number())]), '[5]', [5]],
    ['a number or a word', z.union([z.literal('all'), z.int()]), '5', 5],
    ['a number or a word', z.union([z.literal('all'), z.int()]), 'ALL', 'all'],
    [
      'an object that is one of two',
      z.discriminatedUnion('t', [z.object({ t: z.literal('p'), n: z.int() }), z.object({ t: z.literal('q') })]),
      { t: 'p', n: '5' },
      { t: 'p', n: 5 },
    ],
    ['itself, in a schema that refers to itself', z.lazy(() => z.number()), '5', 5],
    [
      'two schemas at once',
      z.intersection(z.object({ n: z.int() }), z.object({ b: z.boolean() })),
      { n: '5', b: 'true' },
      { n: 5, b: true },
    ],
    ['what a pipe begins with', z.number().pipe(z.int()), '5', 5],
  ] as const)('%s: %j', async ([, schema, value, expected]) => {
    expect(await read(schema, value)).toEqual(expected);
  });
});

describe('what is valid is never changed', () => {
  test.for([
    [z.string(), '5'],
    [z.string(), 'true'],
    [z.string(), ' x '],
    [z.string(), '["a"]'],
    [z.union([z.string(), z.number()]), '5'],
    [z.union([z.number(), z.string()]), '5'],
    [z.union([z.boolean(), z.string()]), 'True'],
    [z.union([z.string(), z.array(z.string())]), '["a"]'],
    [z.string().nullable(), null],
    [z.unknown(), '5'],
    [z.any(), null],
    [z.looseObject({ n: z.number() }), { n: 1, sessionId: null }],
  ] as const)('%#: %j', async ([schema, value]) => {
    expect(await read(schema, value)).toEqual(value);
    const mixed = z.strictObject({ a: schema, b: z.number() });
    expect(await readArguments(mixed, { a: value, b: '6' })).toMatchObject({ input: { a: value, b: 6 } });
  });
});

describe('what can be read in two ways, or in none, is refused', () => {
  test.for([
    ...['', ' ', '5abc', 'abc', '0x10', '0b1', '1_000', '1,000', '1,5', '05', '+5', '.5', '5.', 'Infinity', 'NaN'],
    ...['1e400', '9007199254740993', '5 6', '--5', '٥', 'null', 'true', '[5]', '"5"'],
  ])('as a number: %j', async (text) => {
    expect(await refusal(z.number(), text)).toBe('a must be a number.');
  });

  test.for([true, false, [5], { value: 5 }] as const)('as a number: %j', async (value) => {
    expect(await refusal(z.int(), value)).toBe('a must be a whole number.');
  });

  test.for(['', 'yes', 'no', 'on', 'off', '1', '0', 't', 'null', 1, 0, [true], {}] as const)(
    'as true or false: %j',
    async (value) => {
      expect(await refusal(z.boolean(), value)).toBe('a must be true or false.');
    },
  );

  test.for([true, 5, 0, 1.5, 1e21, ['x'], {}, null] as const)('as a text: %j', async (value) => {
    expect(await refusal(z.string(), value)).toMatch(/^a (must be|is missing: it must be) a text\.$/);
  });

  test.for(['true', 'TRUE', '1', 1, [true]] as const)('as a confirmation: %j', async (value) => {
    expect(await refusal(z.literal(true), value)).toBe('a must be true.');
  });

  test.for(['', 'urgent', 'high,low', 'hi', 5, true, ['high'], null] as const)('as a choice: %j', async (value) => {
    expect(await refusal(priority, value)).toMatch(/^a .*must be one of low, normal, high\.$/);
  });

  test('as a choice, where two differ in case alone', async () => {
    expect(await refusal(z.enum(['Kg', 'kg']), 'KG')).toBe('a must be one of Kg, kg.');
  });

  test.for(['', 'a', 'a,b', 'a\nb', '[a,b]', '["a"', "['a']", '{"0":"a"}', '5', 5, {}, { 0: 'a' }] as const)(
    'as a list: %j',
    async (value) => {
      expect(await refusal(z.array(z.string()), value)).toBe('a must be a list.');
    },
  );

  test.for(['', 'x', '[]', '{', "{'name':'x'}", 'name=x', '5', 5, [], true] as const)(
    'as an object: %j',
    async (value) => {
      expect(await refusal(item, value)).toBe('a must be an object.');
    },
  );

  test('as one of two kinds, where it could be either', async () => {
    const either = z.union([z.number(), z.boolean(), z.array(z.number())]);
    expect(await refusal(either, 'x')).toBe('a must be a number or true or false or a list.');
    expect(await refusal(z.union([z.boolean(), z.enum(['TRUE'])]), 'True')).toBe('a must be true or false or TRUE.');
  });

  test('as JSON in a text that no message could hold', async () => {
    expect(await refusal(z.array(z.string()), '["\\ud800"]')).toBe('a must be a list.');
    expect(await refusal(z.array(z.unknown()), `${'['.repeat(90)}${']'.repeat(90)}`)).toBe('a must be a list.');
    expect(await refusal(z.array(z.unknown()), `${'['.repeat(90_000)}${']'.repeat(90_000)}`)).toBe('a must be a list.');
  });

  test('within an object, by the name of what is wrong', async () => {
    expect(await refusal(item, { name: 'x', count: 'many' })).toBe('a.count must be a whole number.');
    expect(await refusal(z.array(item), [{ name: 'x' }, { nmae: 'x' }])).toBe(
      'a[1].name is missing: it must be a text. a[1] has no member nmae; it has name, count, note.',
    );
  });
});

describe('null counts as absent', () => {
  const schema = z.strictObject({
    title: z.string(),
    notes: z.string().optional(),
    limit: z.int().default(5),
    due: z.string().nullable().optional(),
    items: z.array(item).optional(),
    inner: item.optional(),
  });

  test.for([
    [
      { title: 'x', notes: null, limit: null, items: null, inner: null },
      { title: 'x', limit: 5 },
    ],
    [
      { title: 'x', notes: null, due: null },
      { title: 'x', limit: 5, due: null },
    ],
    [
      { title: 'x', due: null, limit: '7' },
      { title: 'x', limit: 7, due: null },
    ],
    [
      { title: 'x', inner: { name: 'y', count: null, note: null } },
      { title: 'x', limit: 5, inner: { name: 'y', note: null } },
    ],
    [
      { title: 'x', items: [{ name: 'y', count: null }] },
      { title: 'x', limit: 5, items: [{ name: 'y' }] },
    ],
    [
      { title: 'x', inner: '{"name":"y","count":null}' },
      { title: 'x', limit: 5, inner: { name: 'y' } },
    ],
    [
      { title: 'x', made_up: null },
      { title: 'x', limit: 5 },
    ],
  ] as const)('%j', async ([given, expected]) => {
    expect(await readArguments(schema, given)).toMatchObject({ input: expected });
    const outcome = await readArguments(schema, given);
    expect('input' in outcome && outcome.input).toEqual(expected);
  });

  test.for([
    [{ title: null }, 'title is missing: it must be a text.'],
    [{ title: 'x', items: [null] }, 'items[0] must be an object.'],
    [{ title: 'x', inner: { name: null } }, 'inner.name is missing: it must be a text.'],
  ] as const)('but is missed where it is needed: %j', async ([given, faults]) => {
    expect(await readArguments(schema, given)).toEqual({ faults });
  });
});

describe('what clients slip in', () => {
  const schema = z.strictObject({ id: z.string(), done: z.boolean().optional() });
  const slipped = {
    toolCallId: 'call_1',
    tool: { name: 'x' },
    sessionId: 's',
    action: 'sendMessage',
    chatInput: 'do it',
    task_progress: '- [ ] one',
    wait_for_previous: true,
    waitForPreviousTools: false,
    toolSummary: 'x',
    _placeholder: true,
    _sessionID: 'x',
    _auth_auth_type: 'admin',
    _as_extra: {},
    tool_call_description: 'Finds what is due',
    session_id: null,
    _meta: { progressToken: 1 },
  };

  test('is left out', async () => {
    expect(await readArguments(schema, { id: 'x', done: 'true', ...slipped })).toEqual({
      input: { id: 'x', done: true },
      read: { id: 'x', done: true },
    });
  });

  test('is left out one by one', async () => {
    for (const [name, value] of Object.entries(slipped)) {
      expect(await readArguments(schema, { id: 'x', [name]: value })).toEqual({
        input: { id: 'x' },
        read: { id: 'x' },
      });
    }
  });

  test('is told where it may be an argument of the tool with an underscore', async () => {
    const { faults } = (await readArguments(schema, { id: 'x', _done: true })) as { readonly faults: string };
    expect(faults).toContain('There is no argument _done');
  });

  test('is an argument where the tool takes any name', async () => {
    const any = z.looseObject({ count: z.number() });
    const given = { count: '5', _source: 'a', sessionId: 'b' };
    expect(await readArguments(any, given)).toMatchObject({ input: { ...given, count: 5 } });
  });

  test('is an argument where the tool has it', async () => {
    const own = z.strictObject({ action: z.enum(['start', 'stop']), sessionId: z.string() });
    expect(await readArguments(own, { action: 'STOP', sessionId: '5', chatInput: 'x' })).toMatchObject({
      input: { action: 'stop', sessionId: '5' },
    });
    expect(await readArguments(own, { action: 'sendMessage', sessionId: 's' })).toEqual({
      faults: 'action must be one of start, stop.',
    });
  });

  test('is told within an object, for there no client puts it', async () => {
    expect(await readArguments(z.strictObject({ inner: schema }), { inner: { id: 'x', toolCallId: 'y' } })).toEqual({
      faults: 'inner has no member toolCallId; it has id, done.',
    });
  });

  test.for([slipped, { anything: 5 }, { a: [], __unparsedToolInput: '{' }, {}])(
    'is all the same to a tool that takes nothing: %j',
    async (given) => {
      expect(await readArguments(z.strictObject({}), given)).toEqual({ input: {}, read: {} });
    },
  );

  test.for(['owner', 'ID', 'due_before', 'userId', 'query', '__proto__', 'constructor', '__unparsedToolInput'])(
    'is not %s: that the model must hear of',
    async (name) => {
      const given = Object.fromEntries([
        ['id', 'x'],
        [name, 'y'],
      ]);
      expect(await readArguments(schema, given)).toEqual({
        faults: `There is no argument ${name}; the arguments are id, done.`,
      });
    },
  );
});

test('a check that takes time is waited for', async () => {
  const slow = z.strictObject({ a: z.string().refine(async (text) => text !== 'x', 'must not be x'), n: z.int() });
  expect(await readArguments(slow, { a: 'y', n: '5' })).toMatchObject({ input: { a: 'y', n: 5 } });
  expect(await readArguments(slow, { a: 'x', n: '5' })).toEqual({ faults: 'a must not be x.' });
});

test('a long list is not read item by item', async () => {
  expect(await read(z.array(z.int()), Array(1_000).fill('5'))).toHaveLength(1_000);
  expect(await refusal(z.array(z.int()), Array(1_001).fill('5'))).toContain('a[0] must be a whole number.');
});
