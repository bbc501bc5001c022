import type * as z from 'zod';

type RawIssue = z.core.$ZodRawIssue;
type Sized = Extract<RawIssue, { code: 'too_big' | 'too_small' }>;

const MOST_NAMED = 40;
const LONGEST_NAME = 60;

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

const formats: Readonly<Record<string, string>> = {
  date: 'a day, as YYYY-MM-DD',
  datetime: 'a time, such as 2026-11-20T09:30:00Z',
  time: 'a time of day, such as 09:30:00',
  email: 'an e-mail address',
  url: 'a URL',
  uuid: 'a UUID',
};

/**
 * Says what a value must be, as the rest of a sentence that begins with its name. It stands in for zod's own words where
 * a schema brings none.
 */
export function faultWords(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `${issue.input === undefined ? 'is missing: it ' : ''}must be ${kindOf(issue)}`;
    case 'invalid_value':
      return mustBeOneOf(issue.values);
    case 'invalid_format':
      return wordsForFormat(issue);
    case 'too_big':
      return wordsForSize(issue, { number: issue.maximum, limit: 'at most', beyond: 'less than' });
    case 'too_small':
      return wordsForSize(issue, { number: issue.minimum, limit: 'at least', beyond: 'more than' });
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return wordsForUnknown(issue);
    case 'invalid_union':
      return wordsForUnion(issue);
    default:
      return 'is not valid';
  }
}

/** A number that must be a whole one is called so, also to who sent no number at all. */
function kindOf({ expected, inst }: Extract<RawIssue, { code: 'invalid_type' }>): string {
  const isWhole = expected === 'number' && inst !== undefined && 'isInt' in inst && inst.isInt === true;
  return kinds[isWhole ? 'int' : expected] ?? 'left out';
}

function mustBeOneOf(values: readonly unknown[]): string {
  const named = values.slice(0, MOST_NAMED).map(String);
  return named.length === 1 ? `must be ${named[0]}` : `must be one of ${named.join(', ')}`;
}

function wordsForFormat({ format, pattern, ...more }: Extract<RawIssue, { code: 'invalid_format' }>): string {
  if (format === 'regex') return `must match ${pattern}`;
  if (format === 'starts_with') return `must begin with ${JSON.stringify(more.prefix)}`;
  if (format === 'ends_with') return `must end with ${JSON.stringify(more.suffix)}`;
  if (format === 'includes') return `must have ${JSON.stringify(more.includes)} in it`;
  return `must be ${formats[format] ?? `of the format ${format}`}`;
}

type Limit = { readonly number: number | bigint; readonly limit: string; readonly beyond: string };

function wordsForSize({ origin, inclusive, exact }: Sized, { number, limit, beyond }: Limit): string {
  const isText = origin === 'string';
  if (!isText && origin !== 'array') return `must be ${inclusive ? limit : beyond} ${number}`;
  if (isText && limit === 'at least' && Number(number) === 1) return 'must not be empty';
  const unit = `${isText ? 'character' : 'item'}${Number(number) === 1 ? '' : 's'}`;
  return `must have ${exact ? '' : `${limit} `}${number} ${unit}`;
}

/** The model can mend a name that it got wrong when it is told the right ones. */
function wordsForUnknown({ keys, path = [], inst }: Extract<RawIssue, { code: 'unrecognized_keys' }>): string {
  const def = inst?._zod.def;
  const known = def && 'shape' in def ? Object.keys(def.shape as object).slice(0, MOST_NAMED) : [];
  const unknown = keys
    .slice(0, 3)
    .map((key) => key.slice(0, LONGEST_NAME))
    .join(', ');
  const names = known.length > 0 ? known.join(', ') : 'none';
  if (path.length > 0) return `has no member ${unknown}; it has ${names}`;
  return `There is no argument ${unknown}; the arguments are ${names}`;
}

/** All that the value could have been, when nothing of it is. */
function wordsForUnion({ errors, options }: Extract<RawIssue, { code: 'invalid_union' }>): string {
  if (Array.isArray(options)) return mustBeOneOf(options);
  const needs = errors.flatMap(([first]) => first?.message.replace(/^(is missing: it )?must be /, '') ?? []);
  return needs.length > 0 ? `must be ${[...new Set(needs)].join(' or ')}` : 'is not valid';
}
