import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRecord } from './intrinsics.ts';
import { appOf, project } from './project.ts';
import { Refusal } from './refusal.ts';

/** The folder of Vestibule itself. */
export const root = fileURLToPath(new URL('..', import.meta.url));

export type Resource = {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
};

type Template = {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
};

/** A synthesised stack: its template, and where the files of each asset lie. */
export type Assembly = {
  readonly stackName: string;
  readonly template: Template;
  readonly assetFolder: (objectKey: string) => string;
};

type Spawn = (
  command: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
) => ChildProcess;

/**
 * Synthesises the stack into a folder and reads it.
 * With `ASSEMBLY_DIR` set, that folder is read instead: an assembly that was synthesised before.
 */
export async function synthesise(folder: string, start: Spawn = spawn): Promise<Assembly> {
  const ready = process.env.ASSEMBLY_DIR;
  const found = ready || folder;
  if (!ready) mkdirSync(found, { recursive: true });
  // The bundles are CommonJS, as they are on Lambda, whatever the package around this folder says.
  writeFileSync(join(found, 'package.json'), '{"type":"commonjs"}\n');
  if (!ready) await runApp(folder, start);
  return readAssembly(found);
}

/**
 * Has the app of the project in this folder synthesise itself into a folder. Throws a refusal with what the app says.
 * It goes without the CDK's own check of the template, which takes longer than all else and is `cdk synth`'s to make.
 */
export async function runApp(folder: string, start: Spawn = spawn): Promise<void> {
  const { command, arguments: words } = appOf(project);
  const own = { CDK_OUTDIR: folder, CDK_VALIDATION: 'false', KEPT_BUNDLES: join(folder, 'kept-bundles') };
  const env = { ...process.env, ...own };
  const app = start(command, words, { cwd: project, env });
  let output = '';
  app.stdout?.on('data', (chunk: Buffer) => (output += chunk));
  app.stderr?.on('data', (chunk: Buffer) => (output += chunk));
  const [code] = await once(app, 'close');
  if (code !== 0) throw new Refusal(`The stack cannot be synthesised:\n${output.trim()}`);
}

/** Reads the one stack of a cloud assembly. */
export function readAssembly(folder: string): Assembly {
  const { artifacts } = readJson(join(folder, 'manifest.json'));
  const found = Object.entries(record(artifacts)).filter(([, a]) => record(a).type === 'aws:cloudformation:stack');
  const [[stackName, artifact] = [], ...others] = found;
  if (!stackName || others.length > 0) throw new Refusal(`${folder} must hold exactly one stack, not ${found.length}`);
  const { templateFile } = record(record(artifact).properties);
  const template = readJson(join(folder, String(templateFile))) as Template;
  const assets = readAssets(folder, record(artifacts));
  const assetFolder = (objectKey: string) => {
    const path = assets.get(objectKey);
    if (!path) throw new Refusal(`The assembly has no asset ${objectKey}`);
    return path;
  };
  return { stackName, template, assetFolder };
}

function readAssets(folder: string, artifacts: Readonly<Record<string, unknown>>): Map<string, string> {
  const manifests = Object.values(artifacts)
    .map(record)
    .filter(({ type }) => type === 'cdk:asset-manifest');
  const files = manifests.flatMap(({ properties }) =>
    Object.values(record(readJson(join(folder, String(record(properties).file))).files)),
  );
  const paths = files.map(record).flatMap(({ source, destinations }) => {
    const path = join(folder, String(record(source).path));
    return Object.values(record(destinations)).map((to) => [String(record(to).objectKey), path] as const);
  });
  return new Map(paths);
}

function readJson(file: string): Readonly<Record<string, unknown>> {
  return record(JSON.parse(readFileSync(file, 'utf8')));
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value;
  throw new Error(`An object was expected in the assembly, not ${JSON.stringify(value)}`);
}
