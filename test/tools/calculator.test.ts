import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ToolError } from '#tools/define-tool.ts';
import { evaluate } from '#tools/everyday/calculator/evaluate.ts';
import { connectTools, type ToolClient } from '../support/tool-client.ts';

const digits = (count: number) => '9'.repeat(count);

describe('exact results', () => {
  test.for<[string, string]>([
    ['1 + 2', '3'],
    ['0.1 + 0.2', '0.3'],
    ['1.1 * 1.1', '1.21'],
    ['10 / 4', '2.5'],
    ['1 / 1024', '0.0009765625'],
    ['.5 + 1.', '1.5'],
    ['1e5', '100000'],
    ['1.5E-3', '0.0015'],
    ['9007199254740993 + 0', '9007199254740993'],
    ['2^100', '1267650600228229401496703205376'],
    ['2^-2', '0.25'],
    ['2**10', '1024'],
    ['0^0', '1'],
    ['1e200 / 1e-200', '1e+400'],
    [`${digits(40)} * ${digits(40)}`, `${digits(39)}8${'0'.repeat(39)}1`],
    ['sqrt(144)', '12'],
    ['sqrt(0.25)', '0.5'],
    ['sqrt(4e101 / 10)', `2${'0'.repeat(50)}`],
    ['abs(-2.5)', '2.5'],
    ['min(3, -1, 2)', '-1'],
    ['max(1)', '1'],
    ['pow(2, 3)', '8'],
    ['-0', '0'],
  ])('%s is %s', ([expression, result]) => {
    expect(evaluate(expression)).toEqual({ result, exact: true });
  });
});

describe('what binds more tightly', () => {
  test.for<[string, string]>([
    ['1 + 2 * 3', '7'],
    ['(1 + 2) * 3', '9'],
    ['10 - 4 - 3', '3'],
    ['100 / 10 / 2', '5'],
    ['10 % 4 * 2', '4'],
    ['2 * 10 % 4', '0'],
    ['1 + 7 % 4', '4'],
    ['-2^2', '-4'],
    ['(-2)^2', '4'],
    ['2^3^2', '512'],
    ['2^-1', '0.5'],
    ['-2^-2', '-0.25'],
    ['2 * -3', '-6'],
    ['--1', '1'],
    ['-+-1', '1'],
    ['3 - -2^2', '7'],
    ['2 * 3^2', '18'],
    ['2^2 * 3', '12'],
    ['-sqrt(4)^2', '-4'],
    ['2^sqrt(4)', '4'],
    ['7 % 3', '1'],
    ['-7 % 3', '-1'],
    ['7 % -3', '1'],
    ['5.5 % 2', '1.5'],
  ])('%s is %s', ([expression, result]) => {
    expect(evaluate(expression).result).toBe(result);
  });
});

describe('rounding', () => {
  test.for<[string, string]>([
    ['round(2.5)', '3'],
    ['round(-2.5)', '-3'],
    ['round(3.14159, 2)', '3.14'],
    ['round(1250, -2)', '1300'],
    ['round(0.004, 2)', '0'],
    ['floor(-1.5)', '-2'],
    ['ceil(-1.5)', '-1'],
    ['floor(1.5)', '1'],
    ['ceil(1.2)', '2'],
    ['floor(1 / 3 * 3)', '1'],
    ['round(2.675, 2)', '2.68'],
  ])('%s is %s', ([expression, result]) => {
    expect(evaluate(expression).result).toBe(result);
  });
});

describe('results that are not exact say so', () => {
  test.for<[string, string]>([
    ['1 / 3', '0.333333333333333333333333333333'],
    ['2 / 3', '0.666666666666666666666666666667'],
    ['1 / 3 * 3', '1'],
    ['1e60 / 7', '1.42857142857142857142857142857e+59'],
    ['sqrt(2)', '1.41421356237309504880168872421'],
    ['sqrt(2)^2', '2'],
    ['sqrt(2)^2 - 2', '0'],
    ['sin(1)^2 + cos(1)^2 - 1', '0'],
    ['2^1000', '1.07150860718626732094842504906e+301'],
    ['2^0.5', '1.4142135623731'],
    ['pi', '3.14159265358979323846264338328'],
    ['e^2', '7.38905609893065022723042746058'],
    ['exp(1)', '2.71828182845905'],
    ['ln(e)', '1'],
    ['log10(1000)', '3'],
    ['log(8, 2)', '3'],
    ['sin(pi)', '0'],
    ['cos(pi)', '-1'],
    ['cos(pi / 2)', '0'],
    ['tan(pi / 4)', '1'],
    ['sin(1e15)', '0.858272793170236'],
    ['sin(1e-30)', '1e-30'],
    ['0 + sin(1e-30)', '1e-30'],
    ['0 - sin(1e-30)', '-1e-30'],
    ['0 % sin(1e-30)', '0'],
    ['asin(1) * 2 - pi', '0'],
    ['acos(0)', '1.5707963267949'],
    ['atan(1)', '0.785398163397448'],
    ['degrees(pi)', '180'],
    ['sin(radians(30))', '0.5'],
  ])('%s is about %s', ([expression, result]) => {
    expect(evaluate(expression)).toEqual({ result, exact: false });
  });
});

describe('numbers that are long', () => {
  test.for<[string, string]>([
    ['1e500', '1e+500'],
    ['1e99', `1${'0'.repeat(99)}`],
    ['1e100', '1e+100'],
    ['1e-20', '0.00000000000000000001'],
    ['1e-21', '1e-21'],
    ['1e500 * 1e500', '1e+1000'],
  ])('%s is written as %s', ([expression, result]) => {
    expect(evaluate(expression)).toEqual({ result, exact: true });
  });
});

describe('where there is no result', () => {
  test.for([
    ['1 / 0', /^Division by zero\.$/],
    ['0^-1', /^Division by zero\.$/],
    ['0^-0.5', /^Division by zero\.$/],
    ['1 % 0', /^Division by zero\.$/],
    ['sqrt(-1)', /no real square root/],
    ['(-8)^(1/3)', /no real power/],
    ['ln(0)', /^ln has no value there/],
    ['log10(-1)', /^log10 has no value there/],
    ['log(2, 1)', /^log has no value there/],
    ['asin(2)', /^asin has no value there/],
    ['tan(pi / 2)', /^tan has no value there/],
    ['exp(1000)', /^exp has no value there/],
    ['exp(-1000)', /^exp has no value there/],
    ['1e-300^1.5', /^The power has no value there/],
    ['sin(1e21)', /^sin takes angles up to 1e20/],
    ['ln(1e400)', /up to 1e308/],
    ['pi * 1e40 % 7', /remainder .* says nothing/],
    ['9^9^9^9', /out of range/],
    ['9^9^9', /out of range/],
    ['1e1001', /out of range/],
    ['1e-1001', /out of range/],
    ['1e99999999999999999999', /out of range/],
    ['2^1e400', /out of range/],
    ['1^1e400', /power is too large/],
    ['round(1, 0.5)', /whole number of places/],
    ['round(1, 1e9)', /whole number of places/],
    ['sqrt()', /^sqrt takes one number/],
    ['sqrt(1, 2)', /^sqrt takes one number/],
    ['log(1)', /^log takes two numbers/],
    ['pow(1, 2, 3)', /^pow takes two numbers/],
    ['max()', /^max takes at least one number/],
    ['round()', /^round takes a number/],
    ['round(1, 2, 3)', /^round takes a number/],
  ] as const)('%s: %s', ([expression, said]) => {
    expect(() => evaluate(expression)).toThrow(ToolError);
    expect(() => evaluate(expression)).toThrow(said);
  });
});

describe('what is no arithmetic is refused', () => {
  test.for([
    ...[
      '',
      '()',
      '1 +',
      '* 2',
      '1 2',
      '2 pi',
      '2pi',
      '2(3)',
      '(2)(3)',
      'max(1 2)',
      'max(2(3))',
      'max(1,,2)',
      'max(1,)',
    ],
    ...[
      '1,000',
      '1_000',
      '0x10',
      '5!',
      '50%',
      '(1',
      '1)',
      '1..2',
      '1e',
      '.',
      '.e5',
      '2^',
      '2^^3',
      '2 * * 3',
      '1;2',
      'max(1;2)',
    ],
    ...['a', 'x + 1', 'sqrt', 'PI', 'true', 'null', 'undefined', 'NaN', 'Infinity', 'this', '$', '_', '×'],
    ...['__proto__', 'constructor', 'hasOwnProperty', 'toString', '__proto__(1)', 'constructor(1)', 'toString()'],
    ...[
      'a[0]',
      'a.b',
      'pi.constructor',
      '(1).constructor',
      'sin.call(1)',
      'a?.b',
      '[1, 2]',
      '[]',
      '(1, 2)',
      'pi(1)',
      '1(2)',
    ],
    ...['a = 1', '1 == 1', '1 < 2', '1 && 2', '1 | 2', '1 << 2', '!1', '~1', 'i++', '1 ? 2 : 3', '1 ?? 2', 'a => a'],
    ...['"text"', "'text'", '`text`', '"a" + "b"', '/a/', '#', '@', '\\', '{}', 'new Date()', 'import("fs")'],
    ...['alert(1)', 'eval("1")', 'Function("return 1")()', 'process.exit()', '1 // 2', '/* */ 1', '\0', '\u2028'],
  ])('%j', (expression) => {
    expect(() => evaluate(expression)).toThrow(ToolError);
  });
});

describe('any expression', () => {
  const number = fc.stringMatching(/^\d{1,8}(\.\d{1,8})?(e-?\d{1,4})?$/);
  const name = fc.constantFrom(
    'sqrt',
    'abs',
    'round',
    'floor',
    'min',
    'pow',
    'exp',
    'ln',
    'log',
    'sin',
    'tan',
    'degrees',
  );
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      number,
      fc.constantFrom('pi', 'e'),
      fc
        .tuple(tie('expression'), fc.constantFrom('+', '-', '*', '/', '%', '^'), tie('expression'))
        .map((parts) => parts.join(' ')),
      tie('expression').map((inner) => `(${inner})`),
      tie('expression').map((inner) => `-${inner}`),
      fc
        .tuple(name, fc.array(tie('expression'), { maxLength: 2 }))
        .map(([run, inner]) => `${run}(${inner.join(', ')})`),
    ),
  }));
  const upTo500 = (text: string) => text.slice(0, 500);
  const symbols = fc.constantFrom(...'0123456789.eE+-*/%^(), []?:;=!~&|<>"\'`$_abipsqrt×\n'.split(''));

  /** A result is a number of no more digits than are allowed; all else is something that the model is told. */
  function outcome(text: string): string {
    try {
      return evaluate(text).result;
    } catch (error) {
      if (error instanceof ToolError) return 'refused';
      throw error;
    }
  }

  test.for([
    ['of arithmetic', expression.map(upTo500), 3_000],
    ['of its symbols', fc.array(symbols, { maxLength: 500 }).map((parts) => parts.join('')), 3_000],
    ['of any characters', fc.string({ unit: 'binary', maxLength: 500 }), 1_000],
  ] as const)('%s has a number for a result, or is refused', ([, texts, numRuns]) => {
    const written = /^-?\d{1,201}(\.\d{1,221})?(e[+-]\d{1,4})?$/;
    void fc.assert(
      fc.property(texts, (text) => {
        expect(outcome(text)).toMatch(new RegExp(`${written.source}|^refused$`));
      }),
      { numRuns },
    );
  });

  test('of decimals is exact: sums, differences and products are those of whole numbers', () => {
    const scaled = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });
    const text = (value: bigint, places: number) => `(${value} / 1e${places})`;
    void fc.assert(
      fc.property(scaled, scaled, fc.nat(30), (one, other, places) => {
        const [left, right] = [text(one, places), text(other, places)];
        expect(evaluate(`(${left} + ${right}) * 1e${places} - (${one + other})`)).toEqual({ result: '0', exact: true });
        expect(evaluate(`(${left} - ${right}) * 1e${places} - (${one - other})`)).toEqual({ result: '0', exact: true });
        expect(evaluate(`${left} * ${right} * 1e${2 * places} - (${one * other})`)).toEqual({
          result: '0',
          exact: true,
        });
      }),
    );
  });

  test('of whole numbers has the remainder and the power that whole numbers have', () => {
    const whole = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
    void fc.assert(
      fc.property(whole, whole, fc.integer({ min: 0, max: 9 }), (one, other, times) => {
        fc.pre(other !== 0n);
        expect(evaluate(`(${one}) % (${other}) - (${one % other})`)).toEqual({ result: '0', exact: true });
        expect(evaluate(`(${one})^${times} - (${one ** BigInt(times)})`)).toEqual({ result: '0', exact: true });
      }),
    );
  });

  test.for([
    ['parentheses', `${'('.repeat(249)}1${')'.repeat(249)}`, '1'],
    ['open parentheses', '('.repeat(500), 'refused'],
    ['open brackets', '['.repeat(500), 'refused'],
    ['signs', `${'-'.repeat(498)}1`, '1'],
    ['sums', Array(250).fill('1').join('+'), '250'],
    ['powers', Array(250).fill('1').join('^'), '1'],
    ['calls', `${'abs('.repeat(99)}-1${')'.repeat(99)}`, '1'],
    ['open calls', 'sin('.repeat(125), 'refused'],
  ] as const)('of nothing but %s ends', ([, text, result]) => {
    expect(outcome(text)).toBe(result);
  });
});

describe('calculator', () => {
  let person: ToolClient;
  beforeAll(async () => {
    person = await connectTools(inject('issuer'));
  });
  afterAll(() => person.close());

  test('gives the result as text, and says whether it is exact', async () => {
    expect(await person.run('calculator', { expression: ' (0.1 + 0.2) * 3^2 ' })).toEqual({
      result: '2.7',
      exact: true,
    });
    expect(await person.run('calculator', { expression: '1/3' })).toMatchObject({ exact: false });
  });

  test('says what is wrong with an expression', async () => {
    expect(await person.refuse('calculator', { expression: '1 / (2 - 2)' })).toBe('Division by zero.');
    expect(await person.refuse('calculator', { expression: '2 $ 3' })).toBe(
      'The expression cannot be read: Unexpected "$" at character 2.',
    );
    expect(await person.refuse('calculator', { expression: 'process.exit()' })).toMatch(/^Only numbers, /);
  });

  test.for([
    ['expression', {}],
    ['expression', { expression: '' }],
    ['expression', { expression: ' '.repeat(9) }],
    ['expression', { expression: '1'.repeat(501) }],
    ['expression', { expression: 1 }],
    ['precision', { expression: '1', precision: 3 }],
  ] as const)('refuses, naming %s: %j', async ([part, input]) => {
    expect(await person.refuse('calculator', input)).toContain(part);
  });
});
