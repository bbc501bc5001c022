import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from '#core/env.ts';

/** How a server is started, as `lib/server-files.ts` writes it. */
export type Definition = {
  readonly name: string;
  /** Its module, from the folder of the Lambda. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The variables that hold a secret. */
  readonly secrets: readonly string[];
  /** How long one call may take, once the server has started. */
  readonly seconds: number;
};

/** The folder of this Lambda. */
export const folder = env('LAMBDA_TASK_ROOT');

/** The server that is in it. */
export const definition: Definition = JSON.parse(readFileSync(join(folder, 'server.json'), 'utf8'));
