import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import type * as z from 'zod';

type Members = Record<string, unknown>;
type Schema = StandardSchemaWithJSON<Members, Members>;
type Converter = Schema['~standard']['jsonSchema']['input'];

const known = new WeakMap<z.ZodObject, Schema>();

/** A schema as the SDK takes it, whose JSON Schema is made once in the life of this process and not at each request. */
export function madeOnce(schema: z.ZodObject): Schema {
  const before = known.get(schema);
  if (before) return before;
  const standard = schema['~standard'];
  const jsonSchema = { input: once(standard.jsonSchema.input), output: once(standard.jsonSchema.output) };
  const made = { '~standard': { ...standard, jsonSchema } };
  known.set(schema, made);
  return made;
}

/** The SDK always asks for the same dialect. */
function once(convert: Converter): Converter {
  let made: ReturnType<Converter> | undefined;
  return (options) => {
    made ??= convert(options);
    return made;
  };
}
