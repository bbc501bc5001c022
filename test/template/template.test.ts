import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { assemblyOf, type SettingChanges } from '../support/assembly.ts';
import { missing } from '../support/machine.ts';
import { keepsCompiled, makeEnvironment, programsOf, pythonTools } from '../support/python.ts';
import { kinds } from './kinds.ts';

const environment = 'template';
/** With `.cfnlintrc`, which says what is not to be told. */
const here = fileURLToPath(new URL('.', import.meta.url));
const reason = missing(pythonTools('3.10'));
if (reason) console.warn(`Not run: cfn-lint and SAM. ${reason}`);

/** What cfn-lint says of a template. */
type Finding = {
  readonly Filename: string;
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Location: { readonly Path: readonly (string | number)[] | null };
};

describe.skipIf(reason)('the template', () => {
  beforeAll(() => makeEnvironment(environment, here));

  test('is right for cfn-lint with settings of every kind', async () => {
    const templates = new Map<string, string>();
    for (const [kind, changes] of Object.entries(kinds)) templates.set(await templateOf(changes), kind);
    const { stdout, stderr } = await run('cfn-lint', '--format', 'json', '--', ...templates.keys());
    expect(stderr).toBe('');
    const told = (JSON.parse(stdout) as readonly Finding[]).map(
      ({ Filename, Rule, Message, Location }) =>
        `${templates.get(Filename)}: ${Rule.Id} ${Location.Path?.join('/')}: ${Message}`,
    );
    expect(told).toEqual([]);
    expect(templates.size).toBe(Object.keys(kinds).length);
  });

  /** SAM lints with cfn-lint's rules, which all kinds pass above: the smallest and the largest show that it can read ours. */
  test.for(['nothing that can be left out', 'all that can be had'] as const)(
    'is right for SAM with %s',
    async (kind) => {
      const outcome = await run('sam', 'validate', '--lint', '--template', await templateOf(kinds[kind]));
      expect(outcome).toMatchObject({ code: 0, stdout: expect.stringContaining('is a valid SAM Template') });
    },
  );
});

async function templateOf(changes: SettingChanges): Promise<string> {
  const folder = await assemblyOf({ changes: { sender: 'sign-in@example.com', ...changes }, isForTemplate: true });
  return join(folder, 'Vestibule.template.json');
}

/** Runs a program of the environment to its end. */
async function run(program: string, ...args: string[]) {
  const env = { ...process.env, ...keepsCompiled, AWS_REGION: 'us-east-1', SAM_CLI_TELEMETRY: '0' };
  const options = { cwd: here, env, maxBuffer: 64 * 1024 * 1024 };
  type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };
  return promisify(execFile)(join(programsOf(environment), program), args, options).then(
    ({ stdout, stderr }): Outcome => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Outcome): Outcome => ({ code, stdout, stderr }),
  );
}
