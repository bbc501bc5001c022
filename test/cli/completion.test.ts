import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { help as openapiHelp } from '../../cli/add/openapi/openapi.ts';
import { help as serverHelp } from '../../cli/add/server/server.ts';
import { groups } from '../../cli/admin/commands.ts';
import { help as checkHelp } from '../../cli/check/check.ts';
import { help as clientHelp } from '../../cli/client/options.ts';
import { completion } from '../../cli/completion/completion.ts';
import { help as deployHelp } from '../../cli/deploy/options.ts';
import { help as doctorHelp } from '../../cli/doctor/options.ts';
import { help as publishHelp } from '../../cli/publish-check/options.ts';
import { help as startHelp } from '../../cli/start/start.ts';
import { admin } from './admin-process.ts';
import { runHere } from './program.ts';

const scriptFor = async (shell: string) =>
  (await runHere(async (args, terminal) => completion(args, terminal), [shell])).stdout;

/** What bash offers at the end of a line, and what else npm completes. */
function offeredIn(script: string, line: string, more = ''): readonly string[] {
  const words = line.split(' ');
  const program = words[0] === 'npm' ? '_vestibule_npm' : '_vestibule';
  const asked = `${script}
${more}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
${program}; printf '%s\n' "\${COMPREPLY[@]}"`;
  return execFileSync('/bin/bash', ['--norc', '-c', asked], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

const topics = ['clients', 'tenants', 'trusts', 'people', 'reviewers', 'grants', 'limits', 'audit', 'stats'];

describe('completion in bash', () => {
  test.for<[line: string, offers: readonly string[]]>([
    [
      'vestibule ',
      ['start', 'add', 'check', 'deploy', 'doctor', 'publish-check', 'admin', 'client', 'completion', '--help'],
    ],
    ['vestibule d', ['deploy', 'doctor']],
    ['vestibule completion ', ['bash', 'zsh', 'fish', '--help']],
    ['vestibule start --', ['--port', '--data', '--no-watch', '--verbose', '--help']],
    ['vestibule add ', ['openapi', 'server', '--help']],
    ['vestibule add openapi pets.yaml --o', ['--only', '--out']],
    ['vestibule add server --', ['--name', '--env', '--secret', '--out', '--dry-run', '--json', '--help']],
    ['vestibule deploy --pr', ['--profile']],
    ['vestibule doctor --local --s', ['--sign-in', '--stack']],
    ['vestibule doctor --url ', []],
    ['vestibule publish-check --for c', ['card', 'cursor', 'copilot']],
    ['vestibule client --l', ['--list', '--logout']],
    ['vestibule client cl', []],
    ['vestibule check --', ['--json', '--help']],
    ['vestibule admin grants r', ['revoke']],
    ['npm run admin -- ', [...topics, 'completion', '--help']],
    ['npm run admin -- cl', ['clients']],
    ['npm run admin -- grants ', ['list', 'revoke']],
    ['npm run --silent admin -- grants r', ['revoke']],
    ['npm run admin -- clients add --auth', ['--auth-method']],
    ['npm run admin -- clients add --auth-method client_secret_', ['client_secret_basic', 'client_secret_post']],
    ['npm run admin -- clients add --name Reports --re', ['--redirect-uri', '--resource-server']],
    ['npm run admin -- people move anna@acme.example acme --role ', ['member', 'admin']],
    ['npm run admin -- clients remove reports --y', ['--yes']],
    ['npm run admin -- trusts ', ['add', 'list', 'enable', 'disable', 'remove']],
    ['npm run admin -- trusts add acme --work', ['--workload']],
    ['npm run admin -- trusts add acme --workload --role ', ['member', 'admin']],
    ['npm run admin -- completion f', ['fish']],
    ['npm run deploy -- cl', []],
    ['npm run deploy -- --st', ['--stage']],
    ['npm run -s publish-check -- --for re', ['registry']],
    ['npm run add -- o', ['openapi']],
    ['npm start -- --p', ['--port']],
  ])('after %j offers %j', async ([line, offers]) => {
    expect(offeredIn(await scriptFor('bash'), line)).toEqual(offers);
  });

  test.for(['npm ins', 'npm run ', 'npm run test -- --p', 'npm run admin ', 'npm install admin -- '])(
    'leaves %j to npm',
    async (line) => {
      const npm = '_npm_completion() { COMPREPLY=(of-npm); }';
      expect(offeredIn(await scriptFor('bash'), line, npm)).toEqual(['of-npm']);
    },
  );

  test('is set up for both programs, with files where nothing else is offered', async () => {
    const asked = `${await scriptFor('bash')}\ncomplete -p npm vestibule`;
    expect(execFileSync('/bin/bash', ['--norc', '-c', asked], { encoding: 'utf8' })).toBe(
      'complete -o default -F _vestibule_npm npm\ncomplete -o default -F _vestibule vestibule\n',
    );
  });
});

describe.for(['bash', 'zsh', 'fish'])('the script for %s', (shell) => {
  const ofHelps: readonly [name: string, help: string][] = [
    ['start', startHelp],
    ['add openapi', openapiHelp],
    ['add server', serverHelp],
    ['check', checkHelp],
    ['deploy', deployHelp],
    ['doctor', doctorHelp],
    ['publish-check', publishHelp],
    ['client', clientHelp],
  ];
  const ofAdmin = groups
    .flatMap(({ commands }) => commands)
    .map(({ name, options = {} }): [string, readonly string[]] => [`admin ${name}`, Object.keys(options)]);
  const all: readonly [name: string, options: readonly string[]][] = [
    ...ofHelps.map(([name, help]): [string, readonly string[]] => [
      name,
      [...help.matchAll(/^ +--([a-z-]+)/gm)].map(([, option = '']) => option),
    ]),
    ...ofAdmin,
  ];

  test('knows every command with every option', async () => {
    const script = await scriptFor(shell);
    for (const [name, options] of all) {
      const [line = ''] = script.split('\n').filter((text) => text.includes(`'${name}'`));
      const offered = shell === 'fish' ? (script.split(`case '${name}'\n`)[1]?.split('\n')[0] ?? '') : line;
      for (const option of options) expect(offered, name).toMatch(new RegExp(`--${option}( |')`));
    }
  });

  test('is printed by admin too', async () => {
    expect(await admin(['completion', shell])).toEqual({ code: 0, stderr: '', stdout: await scriptFor(shell) });
  });
});

describe('vestibule completion', () => {
  test.for([
    [[], 'Say a shell: bash, zsh or fish.'],
    [['csh'], 'Say a shell: bash, zsh or fish; it is csh.'],
    [['bash', 'zsh'], 'completion does not take "zsh".'],
    [['--shell'], "Unknown option '--shell'"],
  ] as const)('%j is refused in one sentence', async ([args, says]) => {
    const run = runHere(async (given, terminal) => completion(given, terminal), args);
    await expect(run).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(says) });
  });
});
