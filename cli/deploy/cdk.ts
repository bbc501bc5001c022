import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';

const program = createRequire(import.meta.url).resolve('aws-cdk/bin/cdk');

/** Runs the CDK's own command line in this terminal. Gives its exit code. */
export async function cdk(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [code] = await once(spawn(process.execPath, [program, ...args], { env, stdio: 'inherit' }), 'close');
  return typeof code === 'number' ? code : 1;
}
