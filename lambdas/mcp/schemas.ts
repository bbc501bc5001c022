import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import type * as z from 'zod';
import { portableSchema } from '#tools/portable-schema.ts';

type Members = Record<string, unknown>;
type Schema = StandardSchemaWithJSON<Members, Members>;
type Direction = 'input' | 'output';

const known = new WeakMap<z.ZodObject, ReadonlyMap<Direction, Schema>>();

/**
 * A tool's schema as the SDK takes it. It says how the schema looks, which is made once in the life of this process and
 * not at each request; it checks nothing, for what goes in and out is read by the call itself.
 */
export function shown(schema: z.ZodObject, direction: Direction): Schema {
  const before = known.get(schema)?.get(direction);
  if (before) return before;
  const asJson = once(() => ({ ...portableSchema(schema, direction) }));
  const made: Schema = {
    '~standard': {
      version: 1,
      vendor: 'vestibule',
      validate: (value) => ({ value: value as Members }),
      jsonSchema: { input: asJson, output: asJson },
    },
  };
  known.set(schema, new Map([...(known.get(schema) ?? []), [direction, made]]));
  return made;
}

function once(make: () => Members): () => Members {
  let made: Members | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
