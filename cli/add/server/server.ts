import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { isPath, NoServer, writeServer } from '../../../lib/server-files.ts';
import { Failure } from '../../shared/failure.ts';
import { type Started, toolsOverStdio } from '../../shared/stdio-tools.ts';
import type { Terminal } from '../../shared/terminal.ts';
import { parsed, usage } from '../../shared/usage.ts';
import { requireFree, writeFolder } from '../../shared/write-folder.ts';
import { wordsOf } from '../openapi/names.ts';
import { quoted } from '../openapi/source.ts';
import { namesInProject, toolNames } from '../tool-names.ts';
import { exportsOf, parameterOf, type Start, serverFile } from './file.ts';
import { planServer, type ServerPlan } from './plan.ts';

export const help = `Takes an MCP server that speaks over its standard input, and runs on Node.js, into this one: it gets a Lambda of its
own, and its tools are called through the same sign-in, scopes, policy, limits and audit. Starts it here once, lists its
tools, and writes a file with them. It is yours from then on.

  npm run add -- server @modelcontextprotocol/server-everything
  npm run add -- server ./servers/weather.ts --secret WEATHER_KEY -- --units metric

  -- ARGS             what the server is started with
  --name NAME         what it is called (default: from the package or file)
  --env NAME=VALUE    a variable that it is given
  --secret NAME       a variable with a secret, which is read from SSM. Here its value is taken from the environment
  --out FOLDER        where to write the file, in a folder that is new or empty (default: tools/ and its name)
  --dry-run           say what would be written
  --json              print what was written as JSON
  --help              print this

A package must be installed in the project. Exit codes: 0 written, 1 not, 2 wrong usage.
`;

type Options = {
  readonly start: Start;
  readonly folder: string;
  readonly isDry: boolean;
  readonly isJson: boolean;
};

/** Does what the command line says. Gives the exit code. */
export async function addServer(args: readonly string[], { print }: Terminal): Promise<0> {
  const options = readOptions(args);
  if (options === 'help') {
    print(help.trimEnd());
    return 0;
  }
  const { start, folder, isDry, isJson } = options;
  await requireFree(folder);
  const listed = await listedBy(start);
  const plan = planServer(listed, start.name, toolNames(wordsOf(start.name), await namesInProject()));
  if (!isDry) await writeFolder(folder, { 'server.ts': serverFile(start, plan) });
  print(isJson ? asJson(folder, plan, start) : asText(options, plan));
  return 0;
}

/** Reads the command line. Throws a usage failure that says what is wrong. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const end = args.indexOf('--');
  const [own, given] = end < 0 ? [args, []] : [args.slice(0, end), args.slice(end + 1)];
  const text = { type: 'string' } as const;
  const several = { ...text, multiple: true } as const;
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = parsed({
    args: [...own],
    allowPositionals: true,
    options: { name: text, env: several, secret: several, out: text, 'dry-run': flag, json: flag, help: flag },
  });
  if (values.help) return 'help';
  const [from, ...surplus] = positionals;
  if (from === undefined || from === '') throw usage('Say which server: add server PACKAGE or FILE');
  if (surplus.length > 0) throw usage(`Say one server; what it is started with comes after --: ${surplus.join(' ')}`);
  if (!isPath(from) && /^(@[^/]+\/)?[^/@]+@/.test(from))
    throw usage(`Say the package without its version: ${from.replace(/(?<=.)@[^@/]*$/, '')}`);
  if (values.out === '') throw usage('--out needs a folder');
  const name = values.name ?? nameOf(from);
  if (!/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/.test(name))
    throw usage('--name has small letters, digits and hyphens: from 2 to 32, the first a letter');
  const environment = Object.fromEntries((values.env ?? []).map(variableIn));
  const secrets = [...new Set((values.secret ?? []).map(requireVariable))];
  return {
    start: { name, from, args: given, environment, secrets },
    folder: values.out ?? join('tools', name),
    isDry: values['dry-run'] === true,
    isJson: values.json === true,
  };
}

/** What a server is called that nobody has named: `@scope/server-files` is `files`. */
function nameOf(from: string): string {
  const last = isPath(from) ? basename(from).replace(/\.[cm]?[jt]s$/, '') : from;
  const words = wordsOf(isPath(from) ? last : last.slice(last.lastIndexOf('/') + 1));
  const telling = words.filter((word) => !/^(mcp|server|index|stdio)$/.test(word));
  const name = (telling.length > 0 ? telling : words).join('-').slice(0, 32).replace(/-+$/, '');
  return /^[a-z].+/.test(name) ? name : `the-${name || 'server'}`.slice(0, 32);
}

function variableIn(given: string): [name: string, value: string] {
  const at = given.indexOf('=');
  if (at < 1) throw usage(`--env needs NAME=VALUE; it is ${given}`);
  return [requireVariable(given.slice(0, at)), given.slice(at + 1)];
}

function requireVariable(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,60}$/.test(name)) return name;
  throw usage(`${name} is no name of a variable: it has letters, digits and underscores`);
}

/** Starts it as it will be deployed: from a copy of what it needs. */
async function listedBy(start: Start) {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-add-'));
  try {
    const secrets = Object.fromEntries(start.secrets.map((name) => [name, parameterOf(start, name)]));
    const entry = writeServer({ ...start, secrets, seconds: 15 }, folder);
    const known = Object.fromEntries(start.secrets.map((name) => [name, process.env[name] ?? '']));
    const environment = { ...start.environment, ...known };
    const started: Started = { name: start.from, module: join(folder, entry), args: start.args, environment };
    return await toolsOverStdio(started);
  } catch (error) {
    throw error instanceof NoServer ? new Failure(error.message) : error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function asJson(folder: string, { tools, renamed, leftOut }: ServerPlan, { name, secrets }: Start): string {
  const written = tools.map((one) => ({ name: one.name, tool: one.tool }));
  return JSON.stringify({
    folder,
    files: ['server.ts'],
    server: name,
    tools: written,
    renamed,
    leftOut,
    toSet: { secrets },
  });
}

function asText({ start, folder, isDry }: Options, { tools, renamed, leftOut }: ServerPlan): string {
  const { pack, scopes } = exportsOf(start);
  const width = Math.max(...tools.map(({ name }) => name.length));
  const lines = tools.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`);
  const inTools = relative(resolve('tools'), resolve(folder));
  const next = [
    'Next, in tools/index.ts:',
    `  import { ${pack}, ${scopes} } from ${quoted(`./${inTools.replaceAll('\\', '/')}/server.ts`)};`,
    `and there ${pack} among the packs, and ...${scopes} among the scopes. Then read what each tool says of itself: it is the`,
    'word of the server, and what it did not say is taken at its worst. One process serves everybody who calls.',
    ...start.secrets.map(
      (name) => `  ${name} is read from ${parameterOf(start, name)} in SSM: put it there, or name another.`,
    ),
  ];
  return [
    `${isDry ? 'Would write' : 'Wrote'} ${tools.length} ${tools.length === 1 ? 'tool' : 'tools'} to ${join(folder, 'server.ts')}:`,
    ...lines,
    ...renamed,
    ...(leftOut.length > 0 ? ['Left out:', ...leftOut.map((one) => `  ${one}`)] : []),
    ...(isDry ? [] : next),
  ].join('\n');
}
