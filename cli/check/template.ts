import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAssembly, runApp } from '../../local/assembly.ts';
import { Stack } from '../../local/stack.ts';
import { type Drift, driftOf } from './drift.ts';

/** What a tool says of itself. */
export type Effects = {
  readonly name: string;
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly openWorldHint: boolean;
  /** Of which server of others it is, what that calls it, and the schema that was written. */
  readonly hosted?: { readonly server: string; readonly tool: string; readonly schema: string };
};

/** What the project comes to: what its tools say, and which items the MCP Lambda may do what with. */
export type Planned = {
  readonly tools: readonly Effects[];
  /** For each action of DynamoDB the prefixes of the partitions. */
  readonly rights: ReadonlyMap<string, readonly string[]>;
  /** How the servers of others differ from what is written of them. */
  readonly drift: Drift;
};

/** Under which name the assembly says what its tools do. */
const TOOLS = 'vestibule:tools';

/** Synthesises the project in this folder, and reads what it comes to. Nothing is left behind. */
export async function plan(): Promise<Planned> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-check-'));
  try {
    await runApp(folder);
    const assembly = readAssembly(folder);
    const stack = new Stack(assembly, 'http://localhost');
    const tools = toolsIn(folder);
    return { tools, rights: rightsIn(stack), drift: await driftOf(assembly, tools) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function toolsIn(folder: string): readonly Effects[] {
  const { artifacts = {} } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const texts = Object.values<{ metadata?: Metadata; additionalMetadataFile?: string }>(artifacts).map((artifact) =>
    artifact.additionalMetadataFile === undefined
      ? artifact.metadata
      : (JSON.parse(readFileSync(join(folder, artifact.additionalMetadataFile), 'utf8')) as Metadata),
  );
  const entries = texts.flatMap((metadata) => Object.values(metadata ?? {}).flat());
  return entries.filter(({ type }) => type === TOOLS).flatMap(({ data }) => data as readonly Effects[]);
}
type Metadata = Readonly<Record<string, readonly { readonly type: string; readonly data?: unknown }[]>>;

function rightsIn(stack: Stack): ReadonlyMap<string, readonly string[]> {
  const route = stack.routes.find(({ key }) => key === 'POST /mcp');
  const statements = stack.statements(route?.functionId ?? '');
  const rights = new Map<string, readonly string[]>();
  for (const { actions, conditions } of statements) {
    const prefixes = conditions.get('ForAllValues:StringLike')?.get('dynamodb:LeadingKeys') ?? [];
    for (const action of actions.filter((one) => one.startsWith('dynamodb:')))
      rights.set(
        action.slice('dynamodb:'.length),
        prefixes.map((prefix) => prefix.replace(/\*$/, '')),
      );
  }
  return rights;
}
