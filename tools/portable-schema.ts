import type * as z from 'zod';

type Json = Readonly<Record<string, unknown>>;

/** What Gemini, OpenAI in strict mode and Claude all take in the schema of a tool. They refuse the whole list for more. */
const taken = new Set([
  'type',
  'title',
  'description',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'anyOf',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'pattern',
  'format',
]);
/** What says how a value is made up cannot be left out as a limit can. */
const structural = new Set([
  '$ref',
  '$defs',
  'allOf',
  'not',
  'if',
  'then',
  'else',
  'prefixItems',
  'patternProperties',
  'contains',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedProperties',
  'unevaluatedItems',
  'x-mcp-header',
]);
const PROPERTY = /^[A-Za-z0-9_.-]{1,64}$/;
const LONGEST_PATTERN = 100;

/**
 * The JSON Schema of a tool's input or output as clients are shown it. A limit that not every large consumer takes is put
 * into words: what a tool is given is held to the zod schema all the same.
 */
export function portableSchema(schema: z.ZodObject, direction: 'input' | 'output'): Json {
  return portable(schema['~standard'].jsonSchema[direction]({ target: 'draft-2020-12' }));
}

function portable(schema: Json): Json {
  if (Array.isArray(schema.type)) return portable(typesApart(schema, schema.type));
  const inner = Object.entries(schema).map(([keyword, value]) => [keyword, portableValue(keyword, value)]);
  const { oneOf, description, ...rest }: Json = Object.fromEntries(inner);
  const whole = { ...rest, ...exclusiveAsInclusive(rest), ...constAsEnum(rest), ...(oneOf ? { anyOf: oneOf } : {}) };
  const words = [description, ...inWords(schema)].filter((part) => typeof part === 'string').join('. ');
  const described: Json = words === '' ? whole : { ...whole, description: words };
  const kept = Object.entries(described).filter(([keyword, value]) => isKept(keyword, value, described));
  return describedWithin(Object.fromEntries(kept));
}

/** Several types are several schemas: what is not said of null is said of the others. */
function typesApart({ type: _types, ...rest }: Json, types: readonly unknown[]): Json {
  return { anyOf: types.map((type) => (type === 'null' ? { type } : { ...rest, type })) };
}

function portableValue(keyword: string, value: unknown): unknown {
  if (keyword === 'properties') {
    return Object.fromEntries(Object.entries(Object(value)).map(([name, member]) => [name, portable(member as Json)]));
  }
  if (['anyOf', 'oneOf', 'allOf', 'prefixItems'].includes(keyword) && Array.isArray(value)) return value.map(portable);
  return keyword === 'items' && isObject(value) ? portable(value) : value;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function isKept(keyword: string, value: unknown, { type }: Json): boolean {
  if (structural.has(keyword)) return true;
  if (!taken.has(keyword)) return false;
  if (keyword === 'format') return value === 'date-time';
  if (keyword === 'pattern') return String(value).length <= LONGEST_PATTERN && !/\(\?[=!<]/.test(String(value));
  if (keyword === 'enum') return type === 'string';
  const isBound = keyword === 'minimum' || keyword === 'maximum';
  return !(isBound && Math.abs(Number(value)) >= Number.MAX_SAFE_INTEGER);
}

function exclusiveAsInclusive({ type, exclusiveMinimum, exclusiveMaximum }: Json): Json {
  if (type !== 'integer') return {};
  return {
    ...(typeof exclusiveMinimum === 'number' ? { minimum: Math.floor(exclusiveMinimum) + 1 } : {}),
    ...(typeof exclusiveMaximum === 'number' ? { maximum: Math.ceil(exclusiveMaximum) - 1 } : {}),
  };
}

function constAsEnum({ const: only }: Json): Json {
  return typeof only === 'string' ? { enum: [only] } : {};
}

function inWords({ type, exclusiveMinimum, exclusiveMaximum, multipleOf, const: only, enum: choices, ...rest }: Json) {
  const isWhole = type === 'integer';
  return [
    !isWhole && exclusiveMinimum !== undefined ? `More than ${exclusiveMinimum}` : undefined,
    !isWhole && exclusiveMaximum !== undefined ? `Less than ${exclusiveMaximum}` : undefined,
    multipleOf === undefined ? undefined : `A multiple of ${multipleOf}`,
    only === undefined || typeof only === 'string' ? undefined : `Only ${JSON.stringify(only)}`,
    Array.isArray(choices) && type !== 'string'
      ? `One of ${choices.map((one) => JSON.stringify(one)).join(', ')}`
      : undefined,
    rest.default === undefined ? undefined : `Default: ${asWord(rest.default)}`,
  ];
}

function asWord(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
}

/** Gemini takes nothing beside `anyOf`. */
function describedWithin(schema: Json): Json {
  const { anyOf, description, ...rest } = schema;
  if (!Array.isArray(anyOf) || description === undefined) return schema;
  const at = anyOf.findIndex(({ type }) => type !== 'null');
  return { ...rest, anyOf: anyOf.map((kind, index) => (index === at ? { ...kind, description } : kind)) };
}

/** Says what in a schema not every large consumer takes, and where. Empty for a schema that all of them take. */
export function unportableParts(schema: Json, place = ''): readonly string[] {
  const at = (what: string) => `${place || 'the schema itself'} ${what}`;
  const { type, properties = {}, items, anyOf, additionalProperties = false } = schema;
  const kinds = Array.isArray(anyOf) ? anyOf : [];
  return [
    ...Object.keys(schema)
      .filter((keyword) => !taken.has(keyword))
      .map((keyword) => at(`has ${keyword}`)),
    ...(additionalProperties === false ? [] : [at('may have members of any name')]),
    ...(kinds.length === 0 && typeof type !== 'string' ? [at('is of no one type')] : []),
    ...(kinds.length > 0 && place === '' ? [at('is one of several')] : []),
    ...(type === 'array' && !isObject(items) ? [at('is a list of anything')] : []),
    ...kinds.flatMap((kind, index) => unportableParts(kind, `${place}|${index}`)),
    ...(isObject(items) ? unportableParts(items, `${place}[]`) : []),
    ...Object.entries(Object(properties)).flatMap(([name, member]) => [
      ...(PROPERTY.test(name) ? [] : [at(`has a member named ${JSON.stringify(name)}`)]),
      ...unportableParts(member as Json, place === '' ? name : `${place}.${name}`),
    ]),
  ];
}
