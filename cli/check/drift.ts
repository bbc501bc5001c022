import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Assembly } from '../../local/assembly.ts';
import { Failure } from '../shared/failure.ts';
import type { Effects } from './template.ts';

/** How a server of others is started, as it stands beside its code in the assembly. */
type Definition = {
  readonly name: string;
  readonly entry: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
};

/** What was found of the servers of others: in a line each, and what is wrong. */
export type Drift = { readonly lines: readonly string[]; readonly wrong: readonly string[] };

/** Starts each server of an assembly as it would be deployed, and holds its tools against those that the project has of it. */
export async function driftOf(assembly: Assembly, tools: readonly Effects[]): Promise<Drift> {
  const files = foldersOf(assembly).map((folder) => join(folder, 'server.json'));
  const all = await Promise.all(files.filter(existsSync).map((file) => compared(file, tools)));
  return { lines: all.flatMap(({ lines }) => lines), wrong: all.flatMap(({ wrong }) => wrong) };
}

/** The folder of each Lambda. */
function foldersOf({ template, assetFolder }: Assembly): readonly string[] {
  const lambdas = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return lambdas.flatMap(({ Properties: { Code } = {} }) =>
    typeof Code === 'object' && Code !== null && 'S3Key' in Code ? [assetFolder(String(Code.S3Key))] : [],
  );
}

async function compared(file: string, tools: readonly Effects[]): Promise<Drift> {
  const definition: Definition = JSON.parse(readFileSync(file, 'utf8'));
  const { name, entry, args, secrets } = definition;
  const unset = secrets.filter((secret) => !process.env[secret]);
  const known = Object.fromEntries(secrets.map((secret) => [secret, process.env[secret] ?? '']));
  const environment = { ...definition.environment, ...known };
  // Only who has such a server waits for the client.
  const { schemaDigest, toolsOverStdio } = await import('../shared/stdio-tools.ts');
  try {
    const listed = await toolsOverStdio({ name, module: join(dirname(file), entry), args, environment });
    const schemas = new Map(listed.map((tool) => [tool.name, schemaDigest(tool.inputSchema)]));
    const wrong = tools.flatMap((tool) => (tool.hosted?.server === name ? changeOf(tool.hosted, schemas) : []));
    const same = wrong.length === 0 ? [`${name} has its tools as they are written`] : [];
    return { lines: [...same, ...wrong], wrong };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const line = unset.length > 0 ? `${name} was not started: ${unset.join(', ')} is not set here` : error.message;
    return { lines: [line], wrong: unset.length > 0 ? [] : [line] };
  }
}

function changeOf(hosted: NonNullable<Effects['hosted']>, schemas: ReadonlyMap<string, string>): string[] {
  const { server, tool, schema } = hosted;
  const now = schemas.get(tool);
  if (now === undefined) return [`${server} has no tool ${tool} any more: take it out of its file`];
  if (now === schema) return [];
  return [
    `${server} takes another input for ${tool} than is written: compare with a new file, then set schema: '${now}'`,
  ];
}
