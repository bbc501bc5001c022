import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../local/assembly.ts';
import { connectTools } from '../support/tool-client.ts';
import { fingerprints, type RunningProject, runIn, startProject } from './project.ts';
import { Registry } from './registry.ts';

const folder = mkdtempSync(join(tmpdir(), 'vestibule-package-'));
const project = join(folder, 'my-server');
const installed = join(project, 'node_modules/vestibule-mcp');
const others = execFileSync('npm', ['config', 'get', 'registry']).toString().trim();
const registry = new Registry(others);
const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version as string;
const nextVersion = version.replace(/\d+$/, (patch) => String(Number(patch) + 1));
let tarball: string;

/** Builds and packs the package under a version. Gives its file. */
async function pack(asVersion: string): Promise<string> {
  process.env.VERSION = asVersion;
  await runIn(root, process.execPath, 'bin/build.ts');
  delete process.env.VERSION;
  await runIn(root, 'npm', 'pack', './dist', '--pack-destination', folder);
  return join(folder, `vestibule-mcp-${asVersion}.tgz`);
}

beforeAll(async () => {
  await registry.open();
  process.env.npm_config_registry = registry.url;
  process.env.npm_config_yes = 'true';
  process.env.PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  tarball = await pack(version);
  registry.publish(tarball);
  await runIn(root, 'npm', 'pack', './create', '--pack-destination', folder);
  registry.publish(join(folder, `create-vestibule-mcp-${version}.tgz`));
});
afterAll(() => {
  registry.close();
  rmSync(folder, { recursive: true });
});

describe('the package', () => {
  test('is what publint and arethetypeswrong ask for', async () => {
    await runIn(root, 'npx', 'publint', '--strict', 'dist');
    await runIn(root, 'npx', 'attw', tarball, '--profile', 'esm-only');
  });

  test('holds no TypeScript, no test and nothing of another machine', async () => {
    const files = (await runIn(folder, 'tar', '-tzf', tarball)).trim().split('\n');
    expect(
      files.filter((file) => /(?<!\.d)\.ts$|\.test\.|node_modules|^package\/(bench|test|create)\//.test(file)),
    ).toEqual([]);
    expect(files).toContain('package/bin/vestibule.cjs');
  });
});

describe('npm create vestibule-mcp', () => {
  test('makes a project in a new folder, without a terminal, and installs it', async () => {
    const said = await runIn(folder, 'npm', 'create', 'vestibule-mcp@latest', 'my-server');
    expect(said).toContain('cd my-server');
    expect(readdirSync(project)).toEqual(
      expect.arrayContaining([
        '.gitignore',
        'README.md',
        'app.ts',
        'package-lock.json',
        'tools',
        'vestibule.config.ts',
      ]),
    );
    expect(readFileSync(join(project, 'vestibule.config.ts'), 'utf8')).toContain("stackName: 'MyServer'");
  });

  test('leaves a folder that is not empty as it is', async () => {
    const before = fingerprints(join(project, 'tools'));
    await expect(runIn(folder, 'npm', 'create', 'vestibule-mcp@latest', 'my-server')).rejects.toThrow('is not empty');
    expect(fingerprints(join(project, 'tools'))).toEqual(before);
  });
});

describe('the project', () => {
  let files: Readonly<Record<string, string>>;
  let server: RunningProject;
  afterAll(() => server?.stop());

  test('passes its own tests and its own check', async () => {
    files = fingerprints(installed);
    await runIn(project, 'npm', 'test');
    expect(await runIn(project, 'npm', 'run', 'check')).toContain('roll_dice reads');
  });

  test('cannot reach what the package does not show', async () => {
    writeFileSync(join(project, 'inside.mjs'), "await import('vestibule-mcp/core/env.js');");
    await expect(runIn(project, process.execPath, 'inside.mjs')).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
    rmSync(join(project, 'inside.mjs'));
  });

  test('is synthesised by the CDK, with its checks', async () => {
    await runIn(project, 'npx', 'cdk', 'synth', '--quiet');
    expect(existsSync(join(project, 'cdk.out/MyServer.template.json'))).toBe(true);
  });

  test('starts, signs a person in and calls the tool', async () => {
    server = await startProject(project);
    const { tools, run, close } = await connectTools(server.issuer);
    expect(tools.map(({ name }) => name)).toEqual(['roll_dice']);
    expect(await run('roll_dice', { count: 2, sides: 6 })).toMatchObject({ rolls: expect.any(Array) });
    await close();
    await expect.poll(server.printed).toMatch(/^POST \/mcp 200 \d+ ms {2}tools\/call roll_dice → ok$/m);
    expect(server.printed()).not.toContain('"level":"INFO"');
  });

  test('reloads a tool that an editor has replaced', async () => {
    const file = join(project, 'tools/roll-dice.ts');
    const changed = readFileSync(file, 'utf8').replace("title: 'Roll dice'", "title: 'Roll some dice'");
    writeFileSync(`${file}.new`, changed);
    renameSync(`${file}.new`, file);
    const titles = async () => {
      const { tools, close } = await connectTools(server.issuer);
      await close();
      return tools.map(({ title }) => title);
    };
    await expect.poll(titles, { timeout: 60_000, interval: 500 }).toEqual(['Roll some dice']);
  });

  test('takes the next version by npm update, and goes on with the data of this one', async () => {
    await server.stop();
    const before = fingerprintsOfOwn();
    registry.publish(await pack(nextVersion));
    expect(fingerprints(installed)).toEqual(files);
    await runIn(project, 'npm', 'update', 'vestibule-mcp', '--no-audit', '--no-fund');
    expect(JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')).version).toBe(nextVersion);
    expect(fingerprintsOfOwn()).toEqual(before);
    files = fingerprints(installed);
    server = await startProject(project);
    const { run, close } = await connectTools(server.issuer);
    expect(await run('roll_dice')).toMatchObject({ sum: expect.any(Number) });
    await close();
    expect(fingerprints(installed)).toEqual(files);
  });
});

/** The files of the project that are its owner's, without the lockfile. */
function fingerprintsOfOwn(): Readonly<Record<string, string>> {
  const own = ['package.json', 'app.ts', 'vestibule.config.ts', 'cdk.json', 'tsconfig.json', 'README.md'];
  const copy = join(folder, 'own');
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy);
  for (const file of own) writeFileSync(join(copy, file), readFileSync(join(project, file)));
  return { ...fingerprints(copy), ...fingerprints(join(project, 'tools')) };
}
