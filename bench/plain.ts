import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeGenerated } from '../lib/generate.ts';
import { settings } from '../vestibule.config.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** How a plain bundle is made: with the packages that its Lambda imports, or with those of the whole project. */
export type Kind = 'own packages' | 'shared packages';

/** What one writes who keeps clients and schemas in a module that every Lambda shares. */
const shared = `
  import { DynamoDB } from '@aws-sdk/client-dynamodb';
  import { z } from 'zod';
  import { jwtVerify } from 'jose';
  export const used = [new DynamoDB({}), z.object({ id: z.string() }), jwtVerify];`;

/** Has the SDK's aggregated clients stand where ours do: in place of each file of `core/aws` that connects to a service. */
const clients = Object.fromEntries(
  globSync('core/aws/*.ts', { cwd: root })
    .filter((file) => /\bconnectTo\w*\(\{/.test(readFileSync(`${root}${file}`, 'utf8')))
    .map((file) => [`#${file}`, `${root}bench/sdk/${basename(file)}`]),
);

type Lambda = { readonly name: string; readonly kind: Kind };

/** Bundles handlers of Lambdas as esbuild does when it is told nothing, with aggregated clients. Returns the files. */
export async function plainBundles(lambdas: readonly Lambda[], folder: string): Promise<readonly string[]> {
  const generated = `${folder}/generated.js`;
  writeGenerated(settings, generated);
  return Promise.all(lambdas.map((lambda) => plainBundle(lambda, { folder, generated })));
}

type Places = { readonly folder: string; readonly generated: string };

async function plainBundle({ name, kind }: Lambda, { folder, generated }: Places): Promise<string> {
  const outfile = `${folder}/plain/${name}-${kind.replaceAll(' ', '-')}/index.js`;
  await build({
    stdin: {
      contents: `export { handler } from './lambdas/${name}/handler.ts';${kind === 'shared packages' ? shared : ''}`,
      resolveDir: root,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    alias: { '#generated': generated, ...clients },
    logLevel: 'warning',
  });
  return outfile;
}
