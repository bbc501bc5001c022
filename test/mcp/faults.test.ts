import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { faultWords } from '../../lambdas/mcp/fault-words.ts';
import { faultsOf } from '../../lambdas/mcp/faults.ts';

const line = z.string().refine((text) => !text.includes('\n'), 'must be one line');
const named = z.strictObject({ name: z.string() });

function told(schema: z.ZodType, value: unknown): string {
  const { error } = schema.safeParse(value, { error: faultWords });
  if (!error) throw new Error('It has no fault');
  return faultsOf(error, 'The input');
}

describe('a fault in words', () => {
  test.for([
    [z.string(), undefined, 'a is missing: it must be a text.'],
    [z.string(), null, 'a must be a text.'],
    [z.string(), 5, 'a must be a text.'],
    [z.number(), 'x', 'a must be a number.'],
    [z.int(), 1.5, 'a must be a whole number.'],
    [z.int().min(1), 'x', 'a must be a whole number.'],
    [z.number().int(), 'x', 'a must be a whole number.'],
    [z.int(), 2 ** 60, 'a must be at most 9007199254740991.'],
    [z.boolean(), 'yes', 'a must be true or false.'],
    [z.array(z.string()), 'x', 'a must be a list.'],
    [z.array(z.string()), ['x', 1], 'a[1] must be a text.'],
    [z.object({}), [], 'a must be an object.'],
    [z.record(z.string(), z.number()), 'x', 'a must be an object.'],
    [z.record(z.string(), z.number()), { b: 'x' }, 'a.b must be a number.'],
    [z.tuple([z.string()]), 5, 'a must be a list.'],
    [z.null(), 5, 'a must be null.'],
    [z.never(), 5, 'a must be left out.'],
    [z.enum(['low', 'high']), 'x', 'a must be one of low, high.'],
    [z.literal(true), false, 'a must be true.'],
    [z.string().min(1), '', 'a must not be empty.'],
    [z.string().min(2), 'x', 'a must have at least 2 characters.'],
    [z.string().max(1), 'xy', 'a must have at most 1 character.'],
    [z.string().length(3), 'xy', 'a must have 3 characters.'],
    [z.array(z.string()).min(1), [], 'a must have at least 1 item.'],
    [z.array(z.string()).max(2), ['', '', ''], 'a must have at most 2 items.'],
    [z.number().min(2), 1, 'a must be at least 2.'],
    [z.number().max(2), 3, 'a must be at most 2.'],
    [z.number().gt(2), 2, 'a must be more than 2.'],
    [z.number().lt(2), 2, 'a must be less than 2.'],
    [z.number().multipleOf(5), 3, 'a must be a multiple of 5.'],
    [z.iso.date(), 'tomorrow', 'a must be a day, as YYYY-MM-DD.'],
    [z.iso.date().nullable(), 'tomorrow', 'a must be a day, as YYYY-MM-DD.'],
    [z.iso.datetime(), 'now', 'a must be a time, such as 2026-11-20T09:30:00Z.'],
    [z.email(), 'x', 'a must be an e-mail address.'],
    [z.url(), 'x', 'a must be a URL.'],
    [z.ipv4(), 'x', 'a must be of the format ipv4.'],
    [z.string().regex(/^[a-z]+$/), 'X', 'a must match /^[a-z]+$/.'],
    [z.string().regex(/^[a-z]+$/, 'must be letters'), 'X', 'a must be letters.'],
    [z.string().regex(/^[a-z]+$/, 'Letters only!'), 'X', 'a: Letters only!'],
    [z.string().startsWith('x'), 'y', 'a must begin with "x".'],
    [z.string().endsWith('x'), 'y', 'a must end with "x".'],
    [z.string().includes('x'), 'y', 'a must have "x" in it.'],
    [line, 'a\nb', 'a must be one line.'],
    [z.string().refine(() => false), 'x', 'a is not valid.'],
    [z.union([z.string(), z.int()]), {}, 'a must be a text or a whole number.'],
    [z.union([z.string(), named]), { name: 5 }, 'a.name must be a text.'],
    [z.union([z.string(), named]), 5, 'a must be a text or an object.'],
    [
      z.discriminatedUnion('t', [z.object({ t: z.literal('p') }), z.object({ t: z.literal('q') })]),
      { t: 'x' },
      'a.t must be one of p, q.',
    ],
    [named, { name: 'x', nmae: 'y' }, 'a has no member nmae; it has name.'],
  ] as const)('%#: %s %j', ([schema, value, sentence]) => {
    expect(told(z.object({ a: schema }), { a: value })).toBe(sentence);
  });

  test('names what there is beside what there is not', () => {
    const schema = z.strictObject({ done: z.boolean().optional(), limit: z.int().optional() });
    expect(told(schema, { owner: 'me' })).toBe('There is no argument owner; the arguments are done, limit.');
    expect(told(schema, 'x')).toBe('The input must be an object.');
  });

  test('leaves a sentence as its author wrote it', () => {
    const schema = z.strictObject({ a: z.string().optional() }).refine(() => false, 'Give either a or b');
    expect(told(schema, {})).toBe('Give either a or b.');
  });

  test('tells each fault in a sentence, and of many the first', () => {
    expect(told(z.object({ a: z.string(), b: z.int() }), { b: 1.5 })).toBe(
      'a is missing: it must be a text. b must be a whole number.',
    );
    expect(told(z.array(z.string()), Array(1_000).fill(1)).length).toBeLessThan(200);
  });

  test('stays short, whatever names a client makes up', () => {
    const given = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`${at}${'x'.repeat(1_000)}`, 1]));
    expect(told(named, { name: 'x', ...given }).length).toBeLessThan(300);
  });
});
