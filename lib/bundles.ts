import { cpSync, globSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, type Metafile } from 'esbuild';
import { catalogue, ownTools } from './catalogue.ts';
import { generatedModule } from './generate.ts';
import { type Bundled, KeptBundles } from './kept-bundles.ts';
import type { Settings } from './settings.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The sources are TypeScript in the repository and JavaScript in the package. */
const extension = extname(import.meta.url);

/** What is bundled in place of a package's own modules: paths are from the root. */
export const replacements = { '@modelcontextprotocol/server/_shims': `./lambdas/mcp/sdk-shims${extension}` };

/** How everything is built. */
const common = {
  absWorkingDir: root,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
} as const;

/** What a bundle loads when it first needs it, and where that is beside the bundle. */
const besideIn = { '#words/*': './words/*.js', '#later/*': './later/*.js' };
const beside = Object.keys(besideIn);

/** What goes into bundles besides their own modules. */
type Source = {
  readonly tools: string;
  /** The lines of the generated module, by what they export. */
  readonly lines: ReadonlyMap<string, string>;
  readonly consentTexts: string;
};

/** The bundles that this process has made, each with the folder that has it. */
const made: (Source & { readonly name: string; readonly folder: string })[] = [];

/**
 * Bundles every named Lambda, with the tools of this module, all that are new in one esbuild pass.
 * Returns the folder that holds a folder for each, until the synth ends. What would come out the same is made once: a
 * Lambda for other settings is made anew only if they differ in what it takes of them.
 */
export function bundle(lambdas: readonly string[], settings: Settings, tools = ownTools): string {
  const generated = generatedModule(settings, tools);
  const { consentTexts } = catalogue(settings.tools.packs, tools);
  const lines = new Map(generated.split('\n').map((line) => [/^export const (\w+)/.exec(line)?.[1] ?? '', line]));
  const source = { tools, lines, consentTexts: JSON.stringify(consentTexts) };
  const folders = madeBefore(lambdas, source);
  const others = lambdas.filter((name) => !folders.has(name));
  const built = others.length > 0 ? build(others, generated, tools, consentTexts) : '';
  for (const name of others) {
    made.push({ ...source, name, folder: join(built, name) });
    folders.set(name, join(built, name));
  }
  const folder = temporaryFolder();
  for (const [name, from] of folders) cpSync(from, join(folder, name), { recursive: true });
  return folder;
}

/** The folders of those that would come out the same. The first synth of a process has none, and spends no time on it. */
function madeBefore(lambdas: readonly string[], { tools, lines, consentTexts }: Source): Map<string, string> {
  const alike = made.filter((one) => one.tools === tools && one.consentTexts === consentTexts);
  if (alike.length === 0) return new Map();
  const taken = namesTaken(lambdas, tools);
  const same = alike.filter((one) => taken.get(one.name)?.every((name) => one.lines.get(name) === lines.get(name)));
  return new Map(same.map(({ name, folder }) => [name, folder]));
}

/** A folder for each of these Lambdas with nothing to run: for a template whose code nobody is to deploy. */
export function placeholders(lambdas: readonly string[]): string {
  const folder = temporaryFolder();
  for (const name of lambdas) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'index.js'), `// ${name} was not bundled.\n`);
  }
  return folder;
}

let allFolders: string | undefined;

/** A new folder, which goes with the process. */
function temporaryFolder(): string {
  if (allFolders === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'vestibule-bundles-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    allFolders = folder;
  }
  return mkdtempSync(join(allFolders, 'of-'));
}

/** What each Lambda takes of the generated module, by the tools that they are bundled with. */
const takenWith = new Map<string, ReadonlyMap<string, readonly string[]>>();

function namesTaken(lambdas: readonly string[], tools: string): ReadonlyMap<string, readonly string[]> {
  const key = JSON.stringify([lambdas, tools]);
  const known = takenWith.get(key);
  if (known) return known;
  const { outputFiles } = buildSync({
    ...common,
    ...entriesOf(lambdas, tools),
    minify: false,
    format: 'esm',
    write: false,
    outdir: root,
    external: [...beside, '#generated'],
  });
  const taken = new Map(outputFiles.map(({ path, text }) => [basename(dirname(path)), importedNames(text)]));
  takenWith.set(key, taken);
  return taken;
}

/** What a module of esbuild's imports from the generated one. */
function importedNames(text: string): readonly string[] {
  const imports = [...text.matchAll(/^import \{([^}]*)\} from .#generated.;$/gm)].map(([, names = '']) => names);
  return imports.flatMap((names) => names.split(',').map((name) => name.trim().split(' as ')[0] ?? '')).sort();
}

/** Where bundling begins, and what stands in for what. */
function entriesOf(lambdas: readonly string[], tools: string, generated = '#generated') {
  return {
    entryPoints: Object.fromEntries(lambdas.map((name) => [`${name}/index`, `lambdas/${name}/handler${extension}`])),
    bundle: true,
    mainFields: ['module', 'main'],
    alias: { ...replacements, '#generated': generated, [`#tools/index${extension}`]: tools },
  };
}

type ConsentTexts = ReturnType<typeof catalogue>['consentTexts'];

/** Bundles each Lambda that was not kept from the synthesis before, and puts beside each what it loads later. */
function build(lambdas: readonly string[], generatedText: string, tools: string, texts: ConsentTexts): string {
  const folder = temporaryFolder();
  const generated = join(folder, 'generated.js');
  writeFileSync(generated, generatedText);
  const { KEPT_BUNDLES } = process.env;
  const kept = KEPT_BUNDLES ? new KeptBundles(KEPT_BUNDLES, JSON.stringify([tools, generatedText])) : undefined;
  const taken = lambdas.flatMap((name) => kept?.take(name, folder) ?? []);
  const others = lambdas.filter((name) => !taken.some((one) => one.name === name));
  const made = others.length > 0 ? bundleAll(others, { folder, generated, tools }) : [];
  kept?.keep(made, folder);
  const all = [...taken, ...made];
  const speaking = all.filter(({ loaded }) => loaded.some((path) => path.startsWith('#words/')));
  if (speaking.length > 0) bundleWords(folder, speaking, texts);
  for (const { name, loaded } of all) bundleLater(join(folder, name), loaded);
  return folder;
}

type Places = { readonly folder: string; readonly generated: string; readonly tools: string };

/** Bundles Lambdas in one pass. */
function bundleAll(lambdas: readonly string[], { folder, generated, tools }: Places): readonly Bundled[] {
  const { outputs, inputs } = buildSync({
    ...common,
    ...entriesOf(lambdas, tools, generated),
    outdir: folder,
    metafile: true,
    external: beside,
  }).metafile;
  const settings = realpathSync(generated);
  return lambdas.map((name) => ({
    name,
    loaded: loadedBy(outputs, `${name}/index.js`),
    files: [
      fileURLToPath(import.meta.url),
      ...filesOf(`lambdas/${name}/handler${extension}`, inputs)
        .map((file) => resolve(root, file))
        .filter((file) => file !== settings),
    ],
  }));
}

/** A file and all that are imported from it. Throws for one that was not read. */
function filesOf(entry: string, inputs: Metafile['inputs']): readonly string[] {
  if (!inputs[entry]) throw new Error(`${entry} is not among what was bundled`);
  const found = new Set([entry]);
  for (const file of found)
    for (const { path, external } of inputs[file]?.imports ?? []) if (!external) found.add(path);
  return [...found];
}

/** What a bundle loads by itself, when it needs it. */
function loadedBy(outputs: Metafile['outputs'], path: string): readonly string[] {
  const found = Object.entries(outputs).find(([output]) => output.endsWith(`/${path}`));
  return [...new Set(found?.[1].imports.map((one) => one.path))];
}

/** Puts each module that a bundle loads later in a file of its own beside it, and says where all such files are. */
function bundleLater(folder: string, loaded: readonly string[]): void {
  for (const path of loaded.filter((one) => one.startsWith('#later/'))) {
    const name = basename(path);
    const entryPoints = [`core/oauth/${name}${extension}`];
    buildSync({ ...common, entryPoints, bundle: true, mainFields: ['module', 'main'], outdir: join(folder, 'later') });
  }
  const maps = Object.entries(besideIn).filter(([name]) => loaded.some((path) => path.startsWith(name.slice(0, -1))));
  if (maps.length > 0)
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ imports: Object.fromEntries(maps) })}\n`);
}

/** Puts each language in a file of its own beside the bundles that speak to people: they load those that are asked for. */
function bundleWords(folder: string, lambdas: readonly { readonly name: string }[], texts: ConsentTexts): void {
  const words = wordsWith(texts);
  for (const { name } of lambdas) cpSync(words, join(folder, name, 'words'), { recursive: true });
}

/** The folders with the languages, by the texts of the tools that went into them. */
const madeWords = new Map<string, string>();

function wordsWith(texts: ConsentTexts): string {
  const key = JSON.stringify(texts);
  const known = madeWords.get(key);
  if (known !== undefined) return known;
  const outdir = temporaryFolder();
  for (const file of globSync(`core/words/languages/*${extension}`, { cwd: root })) {
    const language = basename(file, extension);
    const contents = `export { words } from './${file}';\nexport const scopeTexts = ${JSON.stringify(textsIn(language, texts))};\n`;
    buildSync({
      ...common,
      stdin: { contents, resolveDir: root },
      bundle: true,
      outfile: join(outdir, `${language}.js`),
    });
  }
  madeWords.set(key, outdir);
  return outdir;
}

/** What scopes let a client do, in a language for which their tools have texts. */
function textsIn(language: string, texts: ConsentTexts): Record<string, string> {
  const all = Object.entries(texts).flatMap(([scope, { text }]) => {
    const found = typeof text === 'string' ? undefined : new Map(Object.entries(text)).get(language);
    return found === undefined ? [] : [[scope, found] as const];
  });
  return Object.fromEntries(all);
}
