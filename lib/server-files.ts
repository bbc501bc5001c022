import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, extname, join, posix, relative, resolve, sep } from 'node:path';
import { buildSync } from 'esbuild';
import type { Server } from '../tools/upstream/server.ts';

/** Where the code of a server is, in the folder of its Lambda. */
const CODE = 'server';

/** A server whose files cannot be found, in one sentence that says what to do. */
export class NoServer extends Error {}

type Manifest = {
  readonly name: string;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly main?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
};

/**
 * Writes a server into the folder of its Lambda with all packages that it needs, as they are installed in the project, and
 * how it is started. Returns its module, from that folder.
 */
export function writeServer(server: Server, folder: string, project = process.cwd()): string {
  const code = join(folder, CODE);
  const entry = posix.join(
    CODE,
    isPath(server.from, project) ? writeFile(server, code, project) : writePackage(server, code, project),
  );
  const { name, args, environment, secrets, seconds } = server;
  const definition = { name, entry, args, environment, secrets: Object.keys(secrets), seconds };
  writeFileSync(join(folder, 'server.json'), `${JSON.stringify(definition, null, 2)}\n`);
  return entry;
}

/** True for what is the path of a file. A name such as `weather.js` is a package's if there is one. */
export function isPath(from: string, project = process.cwd()): boolean {
  return /^\.{0,2}[/\\]/.test(from) || (/\.[cm]?[jt]s$/.test(from) && !folderOf(from, project));
}

/** A file and what it imports from beside it become one; packages stay packages. */
function writeFile({ from }: Server, code: string, project: string): string {
  const file = resolve(project, from);
  if (!existsSync(file)) throw new NoServer(`There is no file ${from} in ${project}.`);
  const isCommon = /\.c[jt]s$/.test(file);
  const entry = isCommon ? 'index.cjs' : 'index.mjs';
  const { metafile } = buildSync({
    entryPoints: [file],
    absWorkingDir: project,
    outfile: join(code, entry),
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node24',
    format: isCommon ? 'cjs' : 'esm',
    logLevel: 'silent',
    metafile: true,
  });
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  const names = [...new Set(imported.filter((path) => !isBuiltin(path)).map(packageName))];
  copyPackages(names, dirname(file), code, from);
  return entry;
}

function writePackage({ from }: Server, code: string, project: string): string {
  const folder = folderOf(from, project);
  if (!folder) throw new NoServer(`${from} is not installed: npm install ${from}`);
  const manifest = manifestOf(folder);
  const entry = entryOf(manifest, from);
  copyPackages([from], project, code, from);
  return posix.join('node_modules', from, entry);
}

/** The program of a package: the one that is named as it is, or the only one; else its module. */
function entryOf({ bin, main }: Manifest, from: string): string {
  const programs = typeof bin === 'string' ? { [from]: bin } : (bin ?? {});
  const own = programs[from.slice(from.lastIndexOf('/') + 1)];
  const files = [...new Set(Object.values(programs))];
  const entry = own ?? (files.length > 0 ? files[0] : main);
  if (entry !== undefined && (own !== undefined || files.length < 2)) return posix.normalize(entry);
  if (entry === undefined)
    throw new NoServer(`${from} has no program to start: neither bin nor main in its package.json.`);
  throw new NoServer(
    `${from} has several programs (${Object.keys(programs).join(', ')}): name the file of one of them.`,
  );
}

/** What a package needs, and whether it cannot do without. */
type Needs = ReadonlyMap<string, boolean>;

/** A package that is copied, and those that are in its own folder. */
type Placed = {
  readonly from: string;
  readonly to: string;
  readonly within: Map<string, Placed>;
  readonly above: Placed | undefined;
};

/**
 * Copies packages with all that they depend on, in the versions that each of them finds here. A package goes to the top, or
 * to the folder of the one that needs it where another version is there already.
 */
function copyPackages(names: readonly string[], start: string, code: string, of: string): void {
  const top: Placed = { from: start, to: code, within: new Map(), above: undefined };
  const asked: Needs = new Map(names.map((name) => [name, true]));
  const queue = [{ placed: top, needs: asked }];
  for (let next = queue.shift(); next; next = queue.shift()) {
    for (const [name, isNeeded] of next.needs) {
      const source = folderOf(name, next.placed.from);
      if (!source) {
        if (isNeeded) throw new NoServer(`${name}, which ${of} needs, is not installed: npm install`);
        continue;
      }
      const there = seenFrom(next.placed, name);
      if (there?.from === source) continue;
      const parent = there ? next.placed : top;
      const placed = { from: source, to: join(parent.to, 'node_modules', name), within: new Map(), above: parent };
      parent.within.set(name, placed);
      copyPackage(source, placed.to);
      queue.push({ placed, needs: needsOf(manifestOf(source)) });
    }
  }
}

function seenFrom(placed: Placed | undefined, name: string): Placed | undefined {
  for (let at = placed; at; at = at.above) {
    const found = at.within.get(name);
    if (found) return found;
  }
  return undefined;
}

function copyPackage(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  // What it depends on is copied by itself, and maps serve nobody there.
  const isOwn = (path: string) =>
    !relative(source, path).split(sep).includes('node_modules') && extname(path) !== '.map';
  cpSync(source, target, { recursive: true, dereference: true, filter: isOwn });
}

function needsOf(manifest: Manifest): Needs {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifest;
  return new Map([
    ...Object.keys(peerDependencies).map((name) => [name, false] as const),
    ...Object.keys(dependencies).map((name) => [name, true] as const),
    ...Object.keys(optionalDependencies).map((name) => [name, false] as const),
  ]);
}

/** Where a package is installed, as a module in this folder finds it. */
function folderOf(name: string, start: string): string | undefined {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (dirname(folder) === folder) return undefined;
  }
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
