import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readOptions as readOpenapi } from '../../cli/add/openapi/openapi.ts';
import { readOptions as readServer } from '../../cli/add/server/server.ts';
import { groups } from '../../cli/admin/commands.ts';
import { readOptions as readAdmin } from '../../cli/admin/options.ts';
import { readOptions as readClient } from '../../cli/client/options.ts';
import { readOptions as readDoctor } from '../../cli/doctor/options.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { scripts: Record<string, string> };
const documents = globSync(['README.md', 'docs/*.md', 'docs/sign-in/*.md', 'examples/**/README.md'], {
  cwd: root,
  exclude: ['**/node_modules/**'],
});

/** How each of our programs reads its words. Deploying takes any option, for `cdk`. */
const programs: Readonly<Record<string, (words: readonly string[]) => unknown>> = {
  add: ([kind, ...words]) =>
    kind === 'openapi' ? readOpenapi(words) : kind === 'server' ? readServer(words) : unknownKind(kind),
  admin: readAdmin,
  client: readClient,
  doctor: readDoctor,
};

function unknownKind(kind = ''): never {
  throw new Error(`There is no ${kind} to add`);
}

const adminWords = new Set(groups.flatMap(({ commands }) => commands.map(({ name }) => name.split(' ')[0])));
const cdkCommands = ['bootstrap', 'deploy', 'destroy', 'diff', 'synth'];

/** The commands of the blocks that a reader copies, a line each. */
function copied(text: string): readonly string[] {
  return [...text.matchAll(/^```(?:sh|bash)\n(.*?)^```/gms)].flatMap(([, block = '']) =>
    block.replaceAll(/\\\n\s*/g, ' ').split('\n'),
  );
}

/** The commands that sentences and tables name. They may leave out what stands after them. */
function named(text: string): readonly string[] {
  const prose = text.replaceAll(/^```.*?^```/gms, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** A command's words as a shell reads them, with something real for what is to be filled in. */
function wordsOf(line: string): string[] {
  const [command = ''] = line.split(/ [>|] /);
  const filled = command.replaceAll(/(?<=--url )(?:URL|…)/g, 'https://example.com/mcp');
  return [...filled.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
}

/** What is wrong with a command of ours, if anything. Undefined for what is not ours. */
function faultIn(line: string, mayBeShort: boolean): string | undefined {
  const [program, verb, ...others] = wordsOf(line);
  if (program === 'npx' && verb === 'cdk')
    return cdkCommands.includes(others[0] ?? '') ? undefined : `cdk has no command ${others[0]}`;
  if (program === 'npm' && verb === 'run') {
    const [script = '', ...more] = others.filter((word) => word !== '--silent');
    if (script === '' || script === '…') return undefined;
    if (!(script in scripts)) return `there is no script ${script}`;
    if (more.length > 0 && more[0] !== '--') return `npm takes the options of ${script} for its own without --`;
    return programs[script] && faultOf(programs[script], more.slice(1), mayBeShort);
  }
  const isAdmin = mayBeShort && adminWords.has(program) && /^[a-z-]+$/.test(verb ?? '');
  return isAdmin ? faultOf(readAdmin, wordsOf(line), mayBeShort) : undefined;
}

function faultOf(read: (words: readonly string[]) => unknown, words: readonly string[], mayBeShort: boolean) {
  try {
    read(words);
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const isShort =
      mayBeShort && (words.length === 0 || / needs |^Say what to do|^Say which server|^--\w+ needs/.test(said));
    return isShort ? undefined : said;
  }
}

const lines = documents.flatMap((document) => {
  const text = readFileSync(`${root}/${document}`, 'utf8');
  return [
    ...copied(text).flatMap((line) => line.split(' && ').map((command) => ({ document, command, mayBeShort: false }))),
    ...named(text).flatMap((line) => line.split(' && ').map((command) => ({ document, command, mayBeShort: true }))),
  ];
});

describe('the commands in README and docs', () => {
  test('are found', () => {
    const ours = lines.filter(({ command }) => /^npm (run|start|ci|test)/.test(command));
    expect(ours.length).toBeGreaterThan(60);
    expect(new Set(ours.map(({ document }) => document)).size).toBeGreaterThan(5);
  });

  test('are scripts, subcommands and options that there are', () => {
    const faults = lines.flatMap(({ document, command, mayBeShort }) => {
      const fault = faultIn(command, mayBeShort);
      return fault === undefined ? [] : [`${document}: ${command}: ${fault}`];
    });
    expect(faults).toEqual([]);
  });

  test.for([
    ['npm run fly', 'there is no script fly'],
    ['npm run admin -- clients fly', 'There is no command "clients fly"'],
    ['npm run admin -- clients list --finish', 'clients list does not take --finish'],
    ['npm run admin -- tenants show', 'tenants show needs the id of a tenant'],
    ['npm run admin clients list --json', 'npm takes the options of admin for its own without --'],
    ['npm run add -- openapi a --outside b', "Unknown option '--outside'"],
    ['npm run add -- grpc', 'There is no grpc to add'],
    ['npm run add -- server', 'Say which server'],
    ['npm run client -- --tools', "Unknown option '--tools'"],
    ['npm run doctor -- --sign-up', "Unknown option '--sign-up'"],
    ['npx cdk fly', 'cdk has no command fly'],
  ] as const)('would be found wrong as %s', ([command, says]) => {
    expect(faultIn(command, false)).toContain(says);
  });
});
