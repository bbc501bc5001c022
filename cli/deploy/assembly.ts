import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const shape = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string() })),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })),
});

/** What of a template says where its server will be. */
export type Template = z.output<typeof shape>;

/** Reads the template of a stack from a synthesised app. */
export function readTemplate(assembly: string, stackName: string): Template {
  return shape.parse(JSON.parse(readFileSync(join(assembly, `${stackName}.template.json`), 'utf8')));
}

/** The logical id of the HTTP API. Throws when a template has none. */
export function apiIn({ Resources }: Template): string {
  const [id] = Object.entries(Resources).find(([, { Type }]) => Type === 'AWS::ApiGatewayV2::Api') ?? [];
  if (id) return id;
  throw new Error('The template has no HTTP API');
}
