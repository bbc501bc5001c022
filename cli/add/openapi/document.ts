import { basename } from 'node:path';
import * as z from 'zod';
import { Failure } from '../../shared/failure.ts';

/** What is read of a document. What a tool does not need is left as it is. OpenAPI 3.0 and 3.1, §4. */
const texts = { summary: z.string().optional(), description: z.string().optional() };
const server = z.object({
  url: z.string(),
  variables: z
    .record(
      z.string(),
      z.object({
        default: z.union([z.string(), z.number(), z.boolean()]),
        enum: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
      }),
    )
    .optional(),
});
const requirement = z.record(z.string(), z.array(z.string()));
const pointers = z.record(z.string(), z.record(z.string(), z.unknown()));
const documentShape = z.object({
  openapi: z.string(),
  info: z.object({ title: z.string(), version: z.union([z.string(), z.number()]).optional() }),
  servers: z.array(server).optional(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  components: z.object({ securitySchemes: pointers.optional() }).optional(),
  security: z.array(requirement).optional(),
  externalDocs: z.object({ url: z.string() }).optional(),
});
const content = z.record(z.string(), z.object({ schema: z.unknown().optional() }));
export const parameterShape = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  description: z.string().optional(),
  required: z.boolean().optional(),
  deprecated: z.boolean().optional(),
  style: z.string().optional(),
  explode: z.boolean().optional(),
  schema: z.unknown().optional(),
  content: content.optional(),
});
export const bodyShape = z.object({
  description: z.string().optional(),
  required: z.boolean().optional(),
  content,
});
export const operationShape = z.object({
  ...texts,
  operationId: z.string().optional(),
  parameters: z.array(z.unknown()).optional(),
  requestBody: z.unknown().optional(),
  security: z.array(requirement).optional(),
  servers: z.array(server).optional(),
});

export type Parameter = z.output<typeof parameterShape>;
export type Operation = z.output<typeof operationShape>;
export type Server = z.output<typeof server>;
export type Requirement = z.output<typeof requirement>;

/** A document whose parts can be read, and all of it as it came, for what it refers to. */
export type Document = z.output<typeof documentShape> & { readonly source: string; readonly whole: unknown };

/** Takes what a file held for a document of OpenAPI. Throws a failure that says where it is none. */
export function asDocument(whole: unknown, source: string): Document {
  const file = shownSource(source);
  const { swagger, openapi } = isObject(whole) ? whole : {};
  if (typeof swagger === 'string' || typeof swagger === 'number')
    throw new Failure(`${file} is Swagger ${swagger}, which is not read: convert it to OpenAPI 3.0 or 3.1 first.`);
  if (openapi === undefined) throw new Failure(`${file} is no document of OpenAPI: it does not say openapi: 3.1.0.`);
  if (!/^3\.[01]\.\d/.test(String(openapi)))
    throw new Failure(`${file} says OpenAPI ${JSON.stringify(openapi)}; what is read is 3.0 and 3.1.`);
  return { ...read(documentShape, whole, [], source), source, whole };
}

/** Reads a part of a document. Throws a failure that says where it is not as it must be. */
export function read<T>(shape: z.ZodType<T>, part: unknown, place: readonly PropertyKey[], source: string): T {
  const { success, data, error } = shape.safeParse(part);
  if (success) return data;
  const [issue] = error.issues;
  throw wrong(source, [...place, ...(issue?.path ?? [])], issue?.message ?? 'it cannot be read');
}

/** A document that is wrong, in one sentence, with its file and the place in it. */
export function wrong(source: string, place: readonly PropertyKey[], what: string): Failure {
  return new Failure(`${shownSource(source)} is not valid at ${pointer(place)}: ${what}.`);
}

/** A place as JSON has it: RFC 6901. */
function pointer(place: readonly PropertyKey[]): string {
  return `#/${place.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`;
}

function shownSource(source: string): string {
  return /^https?:/.test(source) ? source : basename(source);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
