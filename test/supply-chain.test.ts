import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const packageJson = read('package.json');

type Locked = {
  readonly version: string;
  readonly license?: string;
  readonly dev?: true;
  readonly integrity?: string;
  readonly hasInstallScript?: true;
  /** It is a part of another package, whose hash it has. */
  readonly inBundle?: true;
};
const locked = Object.entries<Locked>(read('package-lock.json').packages)
  .filter(([path]) => path !== '')
  .map(([path, entry]) => ({ ...entry, name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length) }));

/** Licences that ask for no more than to be named. */
const permissive = [
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
];
/** Others, of what only the tests use and nobody is given. */
const ofTests: Readonly<Record<string, string>> = {
  'MPL-2.0': 'changes to its own files must be published; none is changed',
  'SEE LICENSE IN LICENSE': '@modelcontextprotocol/inspector and servers: MIT and Apache-2.0',
  '(MIT AND Zlib)': 'a changed copy must say that it is one; none is changed',
};

/** One of several licences is enough. */
function isPermissive(license: string): boolean {
  const choices = license.replaceAll(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((part) => permissive.includes(part)));
}

describe('the packages that are installed', () => {
  test('have licences under which they may be used and given on', () => {
    const wrong = locked.filter(({ license = '', dev }) => !isPermissive(license) && !(dev && license in ofTests));
    expect(wrong.map(({ name, license }) => `${name}: ${license}`)).toEqual([]);
  });

  test('are the very ones that the lock names', () => {
    expect(
      locked
        .filter(({ integrity, inBundle }) => !inBundle && !integrity?.startsWith('sha512-'))
        .map(({ name }) => name),
    ).toEqual([]);
  });

  test('run nothing while they are installed: each script there is has been read and refused', () => {
    const scripts = locked.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name);
    expect(packageJson.allowScripts).toEqual(Object.fromEntries(scripts.map((name) => [name, false])));
  });
});

describe('npm run sbom', () => {
  type Component = {
    readonly name: string;
    readonly version: string;
    readonly properties: readonly { readonly name: string }[];
  };
  const isOfTests = ({ properties }: Component) =>
    properties.some(({ name }) => name === 'cdx:npm:package:development');

  test('lists every package with its hash, and tells those of the tests from those that the stack is made with', () => {
    const output = execFileSync('npm', ['run', '--silent', 'sbom'], { cwd: root, maxBuffer: 64 * 1024 * 1024 });
    const { bomFormat, components } = JSON.parse(String(output)) as {
      readonly bomFormat: string;
      readonly components: readonly Component[];
    };
    expect(bomFormat).toBe('CycloneDX');
    const one = ([name, version]: [string, unknown]) =>
      components.find((component) => component.name === name && component.version === version);
    for (const dependency of Object.entries(packageJson.dependencies)) {
      const component = one(dependency);
      expect(component, dependency[0]).toMatchObject({ hashes: [{ alg: 'SHA-512' }] });
      expect(component && isOfTests(component), dependency[0]).toBe(false);
    }
    for (const dependency of Object.entries(packageJson.devDependencies)) {
      const component = one(dependency);
      // What a package of the stack brings along is not of the tests alone, although they use it too.
      const isBroughtAlong = locked.some(({ name, dev }) => name === dependency[0] && dev === undefined);
      expect(component && isOfTests(component), dependency[0]).toBe(!isBroughtAlong);
    }
    expect(components.length).toBe(new Set(locked.map(({ name, version }) => `${name}@${version}`)).size);
  });
});
