import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { portableSchema, unportableParts } from '../../tools/portable-schema.ts';

/** How one argument is shown. */
function shown(schema: z.ZodType): unknown {
  const { properties } = portableSchema(z.strictObject({ a: schema }), 'input');
  return (properties as { readonly a: unknown }).a;
}

const item = z.strictObject({ name: z.string(), count: z.int().positive().default(1) });

describe('a schema as all large consumers take it', () => {
  test.for([
    ['a whole number', z.int(), { type: 'integer' }],
    ['a bound', z.int().min(1).max(9), { type: 'integer', minimum: 1, maximum: 9 }],
    ['an exclusive bound of a whole number', z.int().positive().lt(10), { type: 'integer', minimum: 1, maximum: 9 }],
    [
      'an exclusive bound of a number',
      z.number().gt(0).lt(1.5),
      { type: 'number', description: 'More than 0. Less than 1.5' },
    ],
    ['steps', z.number().multipleOf(5).describe('Grams'), { type: 'number', description: 'Grams. A multiple of 5' }],
    ['a default', z.int().default(5).describe('How many'), { type: 'integer', description: 'How many. Default: 5' }],
    ['a default text', z.string().default('!'), { type: 'string', description: 'Default: !' }],
    ['an empty default text', z.string().default(''), { type: 'string', description: 'Default: ""' }],
    ['one text', z.literal('x'), { type: 'string', enum: ['x'] }],
    ['one value', z.literal(true), { type: 'boolean', description: 'Only true' }],
    ['some numbers', z.literal([1, 2]), { type: 'number', description: 'One of 1, 2' }],
    ['some texts', z.enum(['a', 'b']), { type: 'string', enum: ['a', 'b'] }],
    ['a day', z.iso.date(), { type: 'string' }],
    ['a time', z.iso.datetime(), { type: 'string', format: 'date-time' }],
    ['an address', z.url(), { type: 'string' }],
    ['an e-mail address', z.email(), { type: 'string' }],
    ['a pattern', z.string().regex(/^[a-z]+$/), { type: 'string', pattern: '^[a-z]+$' }],
    ['a pattern that looks ahead', z.string().regex(/^(?!x)[a-z]+$/), { type: 'string' }],
    ['lengths', z.string().min(1).max(5), { type: 'string', minLength: 1, maxLength: 5 }],
    [
      'a list',
      z.array(z.int().positive()).min(1).max(5),
      { type: 'array', items: { type: 'integer', minimum: 1 }, minItems: 1, maxItems: 5 },
    ],
    [
      'null',
      z.string().nullable().describe('Notes'),
      { anyOf: [{ type: 'string', description: 'Notes' }, { type: 'null' }] },
    ],
    [
      'null, with a limit',
      z.array(z.string()).max(5).nullable(),
      { anyOf: [{ type: 'array', items: { type: 'string' }, maxItems: 5 }, { type: 'null' }] },
    ],
    [
      'one of two objects',
      z.discriminatedUnion('t', [z.strictObject({ t: z.literal('p') }), z.strictObject({ t: z.literal('q') })]),
      {
        anyOf: ['p', 'q'].map((t) => ({
          type: 'object',
          properties: { t: { type: 'string', enum: [t] } },
          required: ['t'],
          additionalProperties: false,
        })),
      },
    ],
    [
      'an object',
      item,
      {
        type: 'object',
        properties: { name: { type: 'string' }, count: { type: 'integer', minimum: 1, description: 'Default: 1' } },
        required: ['name'],
        additionalProperties: false,
      },
    ],
  ] as const)('%s', ([, schema, expected]) => {
    expect(shown(schema)).toEqual(expected);
    expect(unportableParts(portableSchema(z.strictObject({ a: schema }), 'input'))).toEqual([]);
  });

  test('names no dialect, and is of an object', () => {
    expect(portableSchema(z.strictObject({}), 'input')).toEqual({
      type: 'object',
      properties: {},
      additionalProperties: false,
    });
  });
});

describe('what cannot be shown to all is told by its place', () => {
  const tree: z.ZodType = z.lazy(() => z.strictObject({ inner: tree.optional() }));

  test.for([
    ['members of any name', z.record(z.string(), z.string()), ['a may have members of any name']],
    ['more members', z.looseObject({}), ['a may have members of any name']],
    ['a fixed list', z.tuple([z.string(), z.number()]), ['a has prefixItems', 'a is a list of anything']],
    ['anything', z.unknown(), ['a is of no one type']],
    ['a list of anything', z.array(z.any()), ['a[] is of no one type']],
    [
      'two schemas at once',
      z.intersection(z.string().max(5), z.string().min(1)),
      ['a has allOf', 'a is of no one type'],
    ],
    ['something in an object in a list', z.array(z.strictObject({ b: z.any() })), ['a[].b is of no one type']],
    ['something in a union', z.union([z.string(), z.any()]), ['a|1 is of no one type']],
  ] as const)('%s', ([, schema, parts]) => {
    expect(unportableParts(portableSchema(z.strictObject({ a: schema }), 'input'))).toEqual(parts);
  });

  test('a schema that refers to itself', () => {
    const parts = unportableParts(portableSchema(z.strictObject({ a: tree }), 'input'));
    expect(parts.join()).toMatch(/\$ref/);
  });

  test('a name that not all take', () => {
    const schema = z.strictObject({ 'a b': z.string(), ['x'.repeat(65)]: z.string() });
    expect(unportableParts(portableSchema(schema, 'input'))).toHaveLength(2);
  });
});
