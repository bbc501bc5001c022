import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

/** A Lambda as it was bundled: what it loads later, and the files that it was made of. */
export type Bundled = {
  readonly name: string;
  readonly loaded: readonly string[];
  readonly files: readonly string[];
};

type Kept = Bundled & { readonly begunAt: number };

/** Files that say how others are found and read. */
const always = globSync([
  'package.json',
  'tsconfig*.json',
  '{package-lock,npm-shrinkwrap}.json',
  '*.lock',
  'pnpm-lock.yaml',
]).map((name) => resolve(name));

/**
 * Bundles that outlive a synthesis, so that the next one makes only those whose files have changed since, as `make` does.
 * All of them are made anew when the settings or what the tools declare is not the same. A file that is new and found in
 * place of another, such as `x.ts` beside `x/index.ts`, is not noticed before that.
 */
export class KeptBundles {
  readonly #folder: string;
  readonly #list: string;
  readonly #source: string;
  readonly #begunAt: number;
  readonly #all: Map<string, Kept>;

  /** `source` is all that goes into the bundles and is no file. Made before anything is bundled: what is saved from now on is newer. */
  constructor(folder: string, source: string) {
    this.#folder = folder;
    this.#list = join(folder, 'bundles.json');
    this.#source = source;
    mkdirSync(folder, { recursive: true });
    const begun = join(folder, 'begun');
    writeFileSync(begun, '');
    // The file system's own time, which is another machine's where a folder is shared.
    this.#begunAt = statSync(begun).ctimeMs;
    this.#all = new Map(this.#read().map((one) => [one.name, one]));
  }

  /** Copies a bundle into a folder if it would come out the same. Returns undefined if it has to be made. */
  take(name: string, folder: string): Bundled | undefined {
    const kept = this.#all.get(name);
    if (!kept || ![...always, ...kept.files].every((file) => isOlder(file, kept.begunAt))) return undefined;
    cpSync(join(this.#folder, name), join(folder, name), { recursive: true });
    return kept;
  }

  /** Keeps bundles that were made in a folder. */
  keep(bundles: readonly Bundled[], folder: string): void {
    // A synthesis that is ended in between leaves nothing to take.
    rmSync(this.#list, { force: true });
    for (const bundle of bundles) {
      cpSync(join(folder, bundle.name), join(this.#folder, bundle.name), { recursive: true });
      this.#all.set(bundle.name, { ...bundle, begunAt: this.#begunAt });
    }
    const written = `${this.#list}.new`;
    writeFileSync(written, JSON.stringify({ source: this.#source, bundles: [...this.#all.values()] }));
    renameSync(written, this.#list);
  }

  #read(): readonly Kept[] {
    if (!existsSync(this.#list)) return [];
    const { source, bundles } = JSON.parse(readFileSync(this.#list, 'utf8')) as {
      readonly source: string;
      readonly bundles: readonly Kept[];
    };
    return source === this.#source ? bundles : [];
  }
}

function isOlder(file: string, time: number): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && found.ctimeMs < time;
}
