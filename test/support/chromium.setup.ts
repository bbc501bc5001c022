import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { root } from '../../local/assembly.ts';

/** Where the browser is and what it needs in its environment, or the sentence that says why there is none. */
export type Chromium =
  | { readonly executablePath: string; readonly env: Readonly<Record<string, string>> }
  | { readonly missing: string };

declare module 'vitest' {
  interface ProvidedContext {
    chromium: Chromium;
  }
}

/** Has the browser ready before the files that use it. */
export default async function setup(project: TestProject): Promise<void> {
  const found = await findChromium(process).catch((error: Error) => ({ missing: error.message }));
  project.provide('chromium', found);
}

type Machine = Pick<NodeJS.Process, 'platform' | 'arch'> & { readonly env: NodeJS.ProcessEnv };

/** Finds the browser that `CHROMIUM` names, or else unpacks the one that npm brought. */
export async function findChromium({ env, platform, arch }: Machine): Promise<Chromium> {
  if (env.CHROMIUM) return { executablePath: env.CHROMIUM, env: {} };
  if (platform !== 'linux' || arch !== 'x64') {
    return {
      missing: `npm brings no browser for ${platform} ${arch}: set CHROMIUM to the path of a Chromium or Chrome.`,
    };
  }
  const folder = await unpacked();
  return {
    executablePath: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
      XDG_CACHE_HOME: join(folder, 'cache'),
    },
  };
}

/** The folder with the browser, its libraries and its fonts. They are unpacked once for each version of the package. */
async function unpacked(): Promise<string> {
  const build = dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'));
  const { version } = JSON.parse(readFileSync(join(build, '..', 'package.json'), 'utf8')) as { version: string };
  const cache = join(root, 'node_modules', '.cache');
  const folder = join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(`${folder}-`);
  try {
    await unpackInto(fresh);
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true });
    // Another run may have been first with the same.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** The package unpacks into the temporary folder, and its libraries only where it takes the machine for a Lambda. */
async function unpackInto(folder: string): Promise<void> {
  const program = `import chromium from '@sparticuz/chromium'; await chromium.executablePath();`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: root,
    env: { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error('The browser of @sparticuz/chromium could not be unpacked');
  // Its own names the folders of a Lambda.
  writeFileSync(join(folder, 'fonts.conf'), FONTS);
}

const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
`;
