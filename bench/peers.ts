import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Compared } from './load.ts';
import type { Refreshed } from './refreshes.ts';

const folder = fileURLToPath(new URL('./peers/', import.meta.url));
const [lockfile, installed] = [`${folder}package-lock.json`, `${folder}node_modules/.package-lock.json`];

const scripts = [
  ['`workers-oauth-provider` in workerd', 'cloudflare.mjs'],
  ['better-auth with its MCP plugin', 'better-auth.mjs'],
] as const;

/** A server of others, whose tokens can be refreshed. */
export type Peer = Compared & { readonly refreshed: Refreshed };

/** Starts servers of others, each of which has the SDK's example server behind a bearer token. Installs them where they are not. */
export async function startPeers(): Promise<readonly Peer[]> {
  if (!isInstalled()) {
    // No script of a package runs: what they would download or compile is in packages of its own.
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  }
  return Promise.all(scripts.map(([what, script]) => start(what, script)));
}

function isInstalled(): boolean {
  if (!existsSync(installed)) return false;
  const versions = (file: string) => {
    const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, { version?: string }> };
    return new Map(Object.entries(packages).map(([name, { version }]) => [name, version]));
  };
  const [locked, found] = [versions(lockfile), versions(installed)];
  // What is for other systems is locked and not installed.
  const { dependencies } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as { dependencies: object };
  return (
    Object.keys(dependencies).every((name) => found.has(`node_modules/${name}`)) &&
    [...found].every(([name, version]) => locked.get(name) === version)
  );
}

async function start(what: string, script: string): Promise<Peer> {
  const child = fork(`${folder}${script}`, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const told = once(child, 'message');
  const gone = once(child, 'exit').then(() => {
    throw new Error(`${script} ended before it served`);
  });
  const [found] = (await Promise.race([told, gone])) as [Omit<Peer, 'what' | 'pid' | 'stop'>];
  gone.catch(() => 'it is stopped in the end');
  return { what, ...found, pid: child.pid ?? 0, stop: () => child.disconnect() };
}
