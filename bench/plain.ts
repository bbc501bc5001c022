import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
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

/** Bundles the handler of a Lambda as esbuild does when it is told nothing, with aggregated clients. Returns the file. */
export async function plainBundle(name: string, kind: Kind, folder: string): Promise<string> {
  const outfile = `${folder}/plain/${name}-${kind.replaceAll(' ', '-')}/index.js`;
  const generated = `${folder}/generated.js`;
  writeGenerated(settings, generated);
  await build({
    stdin: {
      contents: `export { handler } from './lambdas/${name}/handler.ts';${kind === 'shared packages' ? shared : ''}`,
      resolveDir: root,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    alias: { '#generated': generated },
    plugins: [aggregated],
    logLevel: 'warning',
  });
  return outfile;
}

const aggregate: Readonly<Record<string, string>> = {
  '@aws-sdk/client-dynamodb': 'DynamoDB',
  '@aws-sdk/client-kms': 'KMS',
  '@aws-sdk/client-sesv2': 'SESv2',
  '@aws-sdk/client-ssm': 'SSM',
};

/** Has what asks for a client get the aggregated one, and what imports all of zod's names get `z`. */
const aggregated: Plugin = {
  name: 'aggregated',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@aws-sdk\/client-/ }, ({ path, namespace }) =>
      namespace === 'aggregated' ? null : { path, namespace: 'aggregated' },
    );
    onLoad({ filter: /./, namespace: 'aggregated' }, ({ path }) => ({
      contents: `
        export * from ${JSON.stringify(path)};
        export { ${aggregate[path]}, ${aggregate[path]} as ${aggregate[path]}Client } from ${JSON.stringify(path)};`,
      resolveDir: root,
    }));
  },
};
