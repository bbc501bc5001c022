import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import type { Tokens } from './flow.ts';
import type { makeCode, makeConnection, Wanted, WantedCode } from './made-connection.ts';

/** What an assembly of the tests has besides: the bundle of `made-connection.ts`, and its settings as that requires them. */
export const shortcutFiles = { program: 'made-connection.js', generated: 'generated.js' };

/** Where a stack says what its Lambdas are told, and its assembly. */
type Noted = { readonly told: string; readonly assembly: string };

type Told = {
  readonly region: string;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly environments: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

type Maker = { readonly makeCode: typeof makeCode; readonly makeConnection: typeof makeConnection };

const require = createRequire(import.meta.url);
const folder = join(tmpdir(), 'stacks');

/** Notes a stack for all tests of the run, those of other processes too. */
export function noteStack(issuer: string, noted: Noted): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(issuer), JSON.stringify(noted));
}

/**
 * Gives a client the tokens of somebody new, in a tenth of the time that the pages and the token endpoint take.
 * Undefined where that cannot be done, or might not come to the same.
 */
export async function madeConnection(issuer: string, wanted: Wanted): Promise<Tokens | undefined> {
  return makerFor(issuer)?.makeConnection(wanted);
}

/** Gives a client the code of somebody new, likewise. */
export async function madeCode(issuer: string, wanted: WantedCode): Promise<string | undefined> {
  return makerFor(issuer)?.makeCode(wanted);
}

function fileOf(issuer: string): string {
  return join(folder, encodeURIComponent(issuer));
}

const makers = new Map<string, Maker | undefined>();

/** A stack that starts again has other services, and what it tells is in the key. */
function makerFor(issuer: string): Maker | undefined {
  const noted = read(fileOf(issuer));
  if (noted === undefined) return undefined;
  const { told: file, assembly } = JSON.parse(noted) as Noted;
  const told = read(file);
  const program = join(assembly, shortcutFiles.program);
  if (told === undefined || !existsSync(program)) return undefined;
  const key = JSON.stringify([told, assembly]);
  if (!makers.has(key)) makers.set(key, load(program, join(assembly, shortcutFiles.generated), JSON.parse(told)));
  return makers.get(key);
}

function read(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Loads the bundle as the Lambda of the token endpoint would, of this stack, with its services. */
function load(program: string, generated: string, { region, endpoints, environments }: Told): Maker {
  const env = {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    ...endpoints,
    ...environments['POST /token'],
  };
  return evaluate<Maker>(program, { env, settings: evaluate<object>(generated, {}) });
}

type Surroundings = { readonly env?: object; readonly settings?: object };

/** Runs a CommonJS module of whose surroundings only these are its own. Gives what it exports. */
function evaluate<T>(file: string, { env = {}, settings = {} }: Surroundings): T {
  const module = { exports: {} as T };
  const own = Object.create(process, { env: { value: env } });
  const find = (name: string) => (name === '#generated' ? settings : require(name));
  const run = compileFunction(readFileSync(file, 'utf8'), ['exports', 'module', 'require', 'process'], {
    filename: file,
  });
  run(module.exports, module, find, own);
  return module.exports;
}
