import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from './intrinsics.ts';
import { Refusal } from './refusal.ts';

/** The folder of the project: its settings, its tools and its `cdk.json`. */
export const project = process.cwd();

/** How a project is synthesised: the command of its `cdk.json`. */
export type App = { readonly command: string; readonly arguments: readonly string[] };

/** What a shell would take for more than words. */
const SHELL = /[|&;<>()$`\\"'*?[\]#~=%!{}\n]/;

/**
 * The command that synthesises a project. One that runs Node.js is started without a shell, which could be ended and
 * leave it behind. Throws a refusal when there is none.
 */
export function appOf(folder: string): App {
  const file = join(folder, 'cdk.json');
  if (!existsSync(file))
    throw new Refusal(`There is no cdk.json in ${folder}: run this in the folder of your project.`);
  const app = commandIn(file);
  if (!app) throw new Refusal(`${file} is not valid: app must be the command that synthesises your stack.`);
  const [command = '', ...words] = app.trim().split(/ +/);
  if (command === 'node' && !SHELL.test(app)) return { command: process.execPath, arguments: words };
  return { command: '/bin/sh', arguments: ['-c', `exec ${app}`] };
}

function commandIn(file: string): string | undefined {
  try {
    const config: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isRecord(config) && typeof config.app === 'string' && config.app.trim() !== '' ? config.app : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal(`${file} is not valid JSON: ${error.message}`);
  }
}
