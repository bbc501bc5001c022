import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import type { Tokens } from './flow.ts';
import type { makeCode, makeConnection, Wanted, WantedCode } from './made-connection.ts';
import { runningStack } from './running-stacks.ts';

/** What an assembly of the tests has besides: the bundle of `made-connection.ts`, and its settings as that requires them. */
export const shortcutFiles = { program: 'made-connection.js', generated: 'made-connection.settings.js' };

type Running = NonNullable<ReturnType<typeof runningStack>>;
type Maker = { readonly makeCode: typeof makeCode; readonly makeConnection: typeof makeConnection };

const require = createRequire(import.meta.url);

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

const makers = new Map<string, Maker>();

/** Another stack may have the issuer of one that has ended, and tells something else. */
function makerFor(issuer: string): Maker | undefined {
  const running = runningStack(issuer);
  if (!running || !existsSync(join(running.assembly, shortcutFiles.program))) return undefined;
  const key = JSON.stringify(running);
  const maker = makers.get(key) ?? load(running);
  makers.set(key, maker);
  return maker;
}

/** Loads the bundle as the Lambda of the token endpoint would, of this stack, with its services. */
function load({ told: { region, endpoints, environments }, assembly }: Running): Maker {
  const env = {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    ...endpoints,
    ...environments['POST /token'],
  };
  const settings = evaluate<object>(join(assembly, shortcutFiles.generated), {});
  return evaluate<Maker>(join(assembly, shortcutFiles.program), { env, settings });
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
