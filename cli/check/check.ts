import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Refusal } from '../../local/refusal.ts';
import { Failure } from '../shared/failure.ts';
import { projectSettings } from '../shared/project.ts';
import type { Terminal } from '../shared/terminal.ts';
import { parsed } from '../shared/usage.ts';
import { describe, excess } from './honest-template.ts';
import { type Planned, plan } from './template.ts';

export const help = `Checks the project in this folder before anything is deployed: its types, its settings, and that its tools can do only
what they declare, in the code and in the template, and that third-party servers have the tools in their files.

  npm run check
  npm run check -- --json

  --json            print the findings as JSON
  --help            print this

Exit codes: 0 everything is fine, 1 something is wrong, 2 wrong usage.
`;

/** What became of one part of the check, with what there is to say about it. */
export type Finding = { readonly part: string; readonly ok: boolean; readonly lines: readonly string[] };

/** Does what the command line says, a line for each part. Gives the exit code. */
export async function check(args: readonly string[], { print }: Terminal): Promise<0 | 1> {
  const options = { json: { type: 'boolean' }, help: { type: 'boolean' } } as const;
  const { values } = parsed({ args: [...args], options });
  if (values.help) {
    print(help.trimEnd());
    return 0;
  }
  const findings: Finding[] = [];
  for await (const finding of findingsOf()) {
    findings.push(finding);
    if (!values.json) print(shown(finding));
  }
  const ok = findings.every((finding) => finding.ok);
  if (values.json) print(JSON.stringify({ ok, findings }));
  return ok ? 0 : 1;
}

/** The settings are needed for all that comes after them, and the template for what is said of tools. */
async function* findingsOf(): AsyncGenerator<Finding> {
  yield await found('types', types);
  const settings = await found('settings', async () => {
    const { stackName, stages } = await projectSettings();
    return [stackName, ...Object.values(stages).map((stage) => stage.stackName)];
  });
  yield settings;
  if (!settings.ok) return;
  let planned: Planned | undefined;
  const tools = await found('tools', async () => {
    planned = await plan();
    return planned.tools.map((tool) => `${tool.name} ${describe(tool)}`);
  });
  yield tools;
  if (!planned) return;
  yield templateFinding(planned);
  const { lines, wrong } = planned.drift;
  if (lines.length > 0) yield { part: 'servers', ok: wrong.length === 0, lines };
}

function templateFinding(planned: Planned): Finding {
  const found = excess(planned);
  return { part: 'template', ok: found.length === 0, lines: found };
}

async function found(part: string, look: () => Promise<readonly string[]>): Promise<Finding> {
  try {
    return { part, ok: true, lines: await look() };
  } catch (error) {
    if (!(error instanceof Failure || error instanceof Refusal)) throw error;
    return { part, ok: false, lines: error.message.split('\n') };
  }
}

/** Has TypeScript check the project, by its own tsconfig.json. */
async function types(): Promise<readonly string[]> {
  const folder = process.cwd();
  if (!existsSync(join(folder, 'tsconfig.json')))
    throw new Failure(`There is no tsconfig.json in ${folder}: TypeScript does not know what to check.`);
  const tsc = compilerOf(folder);
  const run = promisify(execFile);
  await run(process.execPath, [tsc, '--noEmit', '-p', folder], { cwd: folder }).catch(({ stdout, stderr }) => {
    throw new Failure(`${stdout}${stderr}`.trim());
  });
  return [];
}

function compilerOf(folder: string): string {
  try {
    const manifest = createRequire(join(folder, 'package.json')).resolve('typescript/package.json');
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
    return join(dirname(manifest), bin.tsc);
  } catch {
    throw new Failure('TypeScript is not installed: npm install --save-dev typescript');
  }
}

function shown({ part, ok, lines }: Finding): string {
  return [`${ok ? '✓' : '✗'} ${part}`, ...lines.map((line) => `    ${line}`)].join('\n');
}
