import { basename, join, resolve } from 'node:path';
import type { Terminal } from '../../shared/terminal.ts';
import { parsed, usage } from '../../shared/usage.ts';
import { requireFree, writeFolder } from '../../shared/write-folder.ts';
import { namesInProject, toolNames } from '../tool-names.ts';
import { filesOf, folderName, type Names, namesOf, type ToSet } from './files.ts';
import { identifier } from './names.ts';
import { type Plan, planTools } from './plan.ts';
import { readDocument } from './read-document.ts';
import { quoted } from './source.ts';

export const help = `Writes tools from a document of OpenAPI 3.0 or 3.1, in JSON or YAML: a file for each operation. They are yours from then on.

  npm run add -- openapi petstore.yaml
  npm run add -- openapi https://example.com/openapi.json --only 'getPet,/orders/**'

  --only NAMES      only these operations: ids or paths, with commas between and wildcards (* and **). \`POST /orders\` too
  --out FOLDER      where to write them, in a folder that is new or empty (default: tools/ and the document's title)
  --dry-run         say what would be written
  --json            print what was written as JSON
  --help            print this

A document is read from a file, from https, or from http on this machine. Exit codes: 0 written, 1 not, 2 wrong usage.
`;

type Options = {
  readonly source: string;
  readonly only: readonly string[];
  readonly folder: string | undefined;
  readonly isDry: boolean;
  readonly isJson: boolean;
};

/** Does what the command line says. Gives the exit code. */
export async function addOpenapi(args: readonly string[], { print }: Terminal): Promise<0> {
  const options = readOptions(args);
  if (options === 'help') {
    print(help.trimEnd());
    return 0;
  }
  const document = await readDocument(options.source);
  const { title } = document.info;
  const folder = options.folder ?? join('tools', folderName(title));
  await requireFree(folder);
  const names = namesOf(title, basename(resolve(folder)));
  const { only } = options;
  const plan = planTools(document, { api: names.shown, only, names: toolNames(names.words, await namesInProject()) });
  const { files, toSet } = filesOf(document, plan, names);
  if (!options.isDry) await writeFolder(folder, files);
  const said = options.isJson ? asJson(folder, files, plan, toSet) : asText(folder, names, plan, toSet, options.isDry);
  print(said);
  return 0;
}

/** Reads the command line. Throws a usage failure that says what is wrong. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = parsed({
    args: [...args],
    allowPositionals: true,
    options: { only: { ...text, multiple: true }, out: text, 'dry-run': flag, json: flag, help: flag },
  });
  if (values.help) return 'help';
  const [source, ...surplus] = positionals;
  if (source === undefined) throw usage('Say which document: add openapi URL or FILE');
  if (surplus.length > 0) throw usage(`Say one document; ${surplus.join(' ')} is one too many`);
  const only = (values.only ?? []).flatMap((names) => names.split(',')).map((name) => name.trim());
  if (only.includes('')) throw usage('--only has a name that is empty');
  if (values.out === '') throw usage('--out needs a folder');
  return { source, only, folder: values.out, isDry: values['dry-run'] === true, isJson: values.json === true };
}

function asJson(folder: string, files: object, { tools, renamed, leftOut }: Plan, toSet: ToSet): string {
  const written = tools.map(({ name, method, path }) => ({ name, method, path }));
  return JSON.stringify({ folder, files: Object.keys(files), tools: written, renamed, leftOut, toSet });
}

function asText(folder: string, names: Names, { tools, renamed, leftOut }: Plan, toSet: ToSet, isDry: boolean): string {
  const width = Math.max(...tools.map(({ name }) => name.length));
  const lines = tools.map(({ name, method, path }) => `  ${name.padEnd(width)}  ${method} ${path}`);
  const left = leftOut.map(({ operation, reason }) => `  ${operation}: ${reason}`);
  const pack = identifier(names.words, 'pack');
  const scopes = identifier(names.words, 'scopes');
  const from = `./${basename(resolve(folder))}`;
  const next = [
    'Next, in tools/index.ts:',
    `  import { ${pack} } from ${quoted(`${from}/pack.ts`)};`,
    `  import { ${scopes} } from ${quoted(`${from}/scopes.ts`)};`,
    `and there ${pack} among the packs, and ...${scopes} among the scopes. Then read what each tool says of itself, and`,
    'run the check. What a POST does its document does not say: destructiveHint is true until you know better.',
    ...toSet.environment.map((name) => `  ${name}, in tools.environment of vestibule.config.ts, is where it is.`),
    ...toSet.secrets.map((name) => `  ${name}, in tools.secrets of vestibule.config.ts, names its key in SSM.`),
  ];
  return [
    `${isDry ? 'Would write' : 'Wrote'} ${tools.length} ${tools.length === 1 ? 'tool' : 'tools'} to ${folder}:`,
    ...lines,
    ...renamed,
    ...(left.length > 0 ? ['Left out:', ...left] : []),
    ...(isDry ? [] : next),
  ].join('\n');
}
