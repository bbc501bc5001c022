import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, type Metafile, transformSync } from 'esbuild';
import type { Tool } from '../tools/define-tool.ts';

const require = createRequire(import.meta.url);
const root = realpathSync(fileURLToPath(new URL('..', import.meta.url)));

/** The modules of Node.js that lead out of a process. */
const waysOut = /^(node:)?(child_process|cluster|dgram|dns|http|http2|https|inspector|net|tls|worker_threads)(\/|$)/;
/** The globals that do. */
const globals = ['fetch', 'WebSocket', 'EventSource'];
const MARK = '__vestibule_way_out__';
/** What of Vestibule's own a tool asks services by. The rest of it is the server's, which does as it likes. */
const asksServices = /^core\/fetch\//;

/**
 * Throws for the first tool whose code does what its annotations deny. What is not seen here, since code can be written
 * in many ways, is stopped by the types before and while the tool runs.
 */
export function requireHonest(tools: readonly Tool[], module: string): void {
  for (const tool of tools) {
    const lie = contradiction(tool) ?? writingLie(tool);
    if (lie) throw new Error(`${module}: ${tool.name} ${lie}`);
  }
  const closed = tools.filter(({ annotations }) => !annotations.openWorldHint);
  if (closed.length > 0) requireClosed(closed, tools, module);
}

function contradiction({ annotations: { readOnlyHint, destructiveHint } }: Tool): string | undefined {
  if (!readOnlyHint || !destructiveHint) return undefined;
  return 'says readOnlyHint: true and destructiveHint: true; what only reads destroys nothing.';
}

/** What the functions of a tool do with their call. */
function writingLie({ annotations: { readOnlyHint, destructiveHint }, run, confirm }: Tool): string | undefined {
  const functions = [run, confirm].flatMap((one) => (one ? printed(String(one)) : []));
  const writing = functions.filter(stages);
  if (writing.length === 0) return undefined;
  if (readOnlyHint)
    return 'says readOnlyHint: true, but its code stages a write (call.write). Say readOnlyHint: false.';
  if (destructiveHint || !writing.some((code) => REMOVAL.test(code))) return undefined;
  return 'says destructiveHint: false, but its code stages a removal. Say destructiveHint: true.';
}

/** The properties that stage and remove are printed under these names, so that no text or variable is taken for them. */
const marks = { write: '__stages_write__', keep: '__stages_keep__', remove: '__removes__' };
const STAGES = '__stages_\\w+__';
const REMOVAL = /__removes__:!0/;

/** A function as esbuild prints it, in one form whatever it was written in. */
function printed(source: string): string[] {
  // A method is written as a function is not.
  for (const whole of [`export default (${source})`, `export default ({ ${source} })`]) {
    try {
      const { code } = transformSync(whole, {
        minifySyntax: true,
        minifyWhitespace: true,
        mangleProps: /^(write|keep|remove)$/,
        mangleQuoted: true,
        mangleCache: marks,
        logLevel: 'silent',
      });
      return [code.replace(/^export default\(?/, '')];
    } catch {
      // It is the other one.
    }
  }
  return [];
}

/** The second parameter of a function: its name, or what is taken out of it. */
function callIn(code: string): string | undefined {
  let depth = 0;
  let start: number | undefined;
  for (let at = code.indexOf('(') + 1; at < code.length; at += 1) {
    const character = code[at] ?? '';
    if (depth === 0 && (character === ',' || character === ')')) {
      if (start !== undefined) return code.slice(start, at);
      if (character === ')') return undefined;
      start = at + 1;
    }
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
  }
  return undefined;
}

/** True if a function takes what stages out of its call. */
function stages(code: string): boolean {
  const call = callIn(code);
  if (call === undefined) return false;
  if (!/^[\w$]+$/.test(call)) return new RegExp(STAGES).test(call);
  const name = `(?<![\\w$.])${call.replaceAll('$', '\\$')}`;
  return new RegExp(`${name}\\??\\.${STAGES}|\\{[^{}]*${STAGES}[^{}]*\\}=${name}\\b`).test(code);
}

/** Throws for the first of these tools whose file, or a module that it imports, leads out of the process. */
function requireClosed(closed: readonly Tool[], all: readonly Tool[], module: string): void {
  const graph = graphOf(module);
  for (const file of Object.keys(graph)) {
    const defined = toolsIn(file, all);
    const [first] = defined;
    // In a file with others that may reach out, nothing tells whose an import is.
    if (!first || defined.some((tool) => !closed.includes(tool))) continue;
    const way = wayOut(file, graph);
    if (way) {
      const names = defined.map(({ name }) => name).join(', ');
      throw new Error(
        `${shown(file)}: ${names} says openWorldHint: false, but its code leads out of the process: ${way}. Say ` +
          'openWorldHint: true.',
      );
    }
  }
}

/** What each file of a module imports. Files are named by their paths from Vestibule's own folder. */
function graphOf(module: string): Metafile['inputs'] {
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [module],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    mainFields: ['module', 'main'],
    external: ['#generated', '#words/*', '#later/*'],
  });
  return metafile.inputs;
}

/** The tools that a file exports. Neither packages nor the server itself define any. */
function toolsIn(file: string, tools: readonly Tool[]): Tool[] {
  if (isOfAPackage(file) || isOwn(file) || !/\.[cm]?[jt]s$/.test(file)) return [];
  const exported: Readonly<Record<string, unknown>> = require(join(root, file));
  return tools.filter((tool) => Object.values(exported).includes(tool));
}

/** The first way out among what a file is made of, as the modules that lead to it. */
function wayOut(start: string, graph: Metafile['inputs']): string | undefined {
  const seen = new Set<string>();
  const queue = [{ file: start, path: [shown(start)] }];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { file, path } = next;
    if (seen.has(file)) continue;
    seen.add(file);
    if (asksServices.test(file)) return path.join(' → ');
    if (isOwn(file) && !leadsToServices(file)) continue;
    const named = isOfAPackage(file) ? undefined : globalIn(file);
    if (named) return [...path, named].join(' → ');
    for (const { path: imported, external } of graph[file]?.imports ?? []) {
      if (external && waysOut.test(imported)) return [...path, imported].join(' → ');
      if (!external) queue.push({ file: imported, path: [...path, shown(imported)] });
    }
  }
  return undefined;
}

/** What an author of tools imports, some of which asks services. */
function leadsToServices(file: string): boolean {
  return file.startsWith('api/');
}

/** True for what the server itself is made of, but for its tools. */
function isOwn(file: string): boolean {
  return /^(api|core|lib|lambdas)\//.test(file) || /^tools\/[^/]+$/.test(file);
}

/** Paths are from Vestibule's own folder, which is among a project's packages. */
function isOfAPackage(file: string): boolean {
  return file.startsWith('node_modules/') || (file.startsWith('..') && join(root, file).includes('/node_modules/'));
}

/** A global that leads out and that a file uses as that, not as a name of its own. */
function globalIn(file: string): string | undefined {
  const loader = extname(file).slice(1);
  if (!['ts', 'mts', 'js', 'mjs', 'cjs'].includes(loader)) return undefined;
  const source = readFileSync(join(root, file), 'utf8');
  // Most files name none of them, be it as it is or with an escape.
  const named = globals.filter((name) => source.includes(name) || source.includes('\\u'));
  return named.find((name) => {
    const define = { [name]: MARK, [`globalThis.${name}`]: MARK };
    const { code } = transformSync(source, { loader: loader.endsWith('ts') ? 'ts' : 'js', define, logLevel: 'silent' });
    return code.includes(MARK);
  });
}

function shown(file: string): string {
  const path = join(root, file);
  if (isOfAPackage(file)) return path.slice(path.lastIndexOf('/node_modules/') + '/node_modules/'.length);
  return relative(process.cwd(), path);
}
