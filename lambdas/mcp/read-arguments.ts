import type * as z from 'zod';
import { $ZodAsyncError, safeParse } from 'zod/v4/core';
import { isClientName } from './client-names.ts';
import { faultWords } from './fault-words.ts';
import { faultsOf } from './faults.ts';
import { asBoolean, asChoice, asList, asNumber, asObject, emptyAsObject } from './readings.ts';

type Members = Readonly<Record<string, unknown>>;
type Schema = z.core.$ZodType;

/** No honest list that must be read item by item is longer. */
const LONGEST_LIST = 1_000;

/** A tool's input, and the arguments as they were read for it. */
export type Understood = { readonly input: Members; readonly read: Members };

/**
 * Reads the arguments of a call as a tool's schema has them. What is valid stays as it is. Otherwise null counts as
 * absent, what the client slipped in is left out, and a value of another kind is taken where it can be read in one way
 * only.
 */
export async function readArguments(
  schema: z.ZodObject,
  given: Members,
): Promise<Understood | { readonly faults: string }> {
  const asGiven = await parsed(schema, given);
  if (asGiven.success) return { input: asGiven.data, read: given };
  const read = { ...Object(asSchema(schema, ownArguments(schema, given))) };
  const { success, data, error } = await parsed(schema, read);
  return success ? { input: data, read } : { faults: faultsOf(error, 'The input') };
}

/** A schema with a check that takes time is the exception, and parsing as if it were is slower. */
async function parsed(schema: z.ZodObject, value: unknown): Promise<z.ZodSafeParseResult<Members>> {
  try {
    return schema.safeParse(value, { error: faultWords });
  } catch (error) {
    if (error instanceof $ZodAsyncError) return schema.safeParseAsync(value, { error: faultWords });
    throw error;
  }
}

/** The arguments without what is the client's. A tool that takes none has no use for any; one that takes any name has all. */
function ownArguments({ shape, def }: z.ZodObject, given: Members): Members {
  if (def.catchall && def.catchall._zod.def.type !== 'never') return given;
  const names = Object.keys(shape);
  if (names.length === 0) return {};
  const isOwn = (name: string) => names.includes(name) || !isClientName(name, names);
  return Object.fromEntries(Object.entries(given).filter(([name]) => isOwn(name)));
}

/** A value as a schema has it where it can be read so in one way only, or as it is. What is valid is never changed. */
function asSchema(schema: Schema, value: unknown): unknown {
  if (accepts(schema, value)) return value;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nonoptional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
      return asSchema(def.innerType, value);
    case 'pipe':
      return asSchema(def.in, value);
    case 'lazy':
      return asSchema(def.getter(), value);
    case 'object':
      return membersAsSchemas(asObject(asEmpty(schema, value)), (name) => memberOf(def, name));
    case 'record':
      return membersAsSchemas(asObject(asEmpty(schema, value)), () => def.valueType);
    case 'array':
      return itemsAsSchemas(asList(value), () => def.element);
    case 'tuple':
      return itemsAsSchemas(asList(value), (at) => def.items[at] ?? def.rest ?? undefined);
    case 'union':
      return asOneOf(def.options, value);
    case 'intersection':
      return asSchema(def.right, asSchema(def.left, value));
    case 'number':
      return asNumber(value);
    case 'boolean':
      return asBoolean(value);
    case 'enum':
      return asChoice(Object.values(def.entries), value);
    case 'literal':
      // A value that must be true or false exactly is a confirmation: nothing else is taken for it.
      return def.values.some((one) => typeof one === 'boolean') ? value : asChoice(def.values, value);
    default:
      return value;
  }
}

/** A schema that takes time to decide accepts nothing here: what is in it is looked at by itself. */
function accepts(schema: Schema, value: unknown): boolean {
  try {
    return safeParse(schema, value).success;
  } catch (error) {
    if (error instanceof $ZodAsyncError) return false;
    throw error;
  }
}

/** An empty list as an object without members, if the schema accepts one. */
function asEmpty(schema: Schema, value: unknown): unknown {
  const empty = emptyAsObject(value);
  return accepts(schema, empty) ? empty : value;
}

function memberOf({ shape, catchall }: z.core.$ZodObjectDef, name: string): Schema | undefined {
  return Object.hasOwn(shape, name) ? shape[name] : catchall;
}

function membersAsSchemas(value: unknown, schemaOf: (name: string) => Schema | undefined): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const schema = schemaOf(name);
    if (!schema) return [[name, member]];
    return member === null && !accepts(schema, null) ? [] : [[name, asSchema(schema, member)]];
  });
  return Object.fromEntries(members);
}

function itemsAsSchemas(value: unknown, schemaOf: (at: number) => Schema | undefined): unknown {
  if (!Array.isArray(value) || value.length > LONGEST_LIST) return value;
  return value.map((item, at) => {
    const schema = schemaOf(at);
    return schema ? asSchema(schema, item) : item;
  });
}

/** Of several kinds that a value may be of, the one that it can be read as. */
function asOneOf(options: readonly Schema[], value: unknown): unknown {
  const readings = options.flatMap((option) => {
    const reading = asSchema(option, value);
    return accepts(option, reading) ? [reading] : [];
  });
  const [only, ...others] = new Map(readings.map((reading) => [JSON.stringify(reading), reading])).values();
  return readings.length > 0 && others.length === 0 ? only : value;
}
