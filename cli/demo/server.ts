import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../shared/failure.ts';

const program = fileURLToPath(new URL('../../local/server.ts', import.meta.url));

/** A server on this machine. */
export type LocalServer = {
  readonly issuer: string;
  readonly mcpUrl: URL;
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<unknown>;
  /** Ends it, and removes what it kept. */
  readonly stop: () => Promise<void>;
};

/** Starts the server of `npm start` with data of its own, so that what you keep in `.local` stays as it is. */
export async function startServer(environment: NodeJS.ProcessEnv, interruption: AbortSignal): Promise<LocalServer> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-demo-'));
  const child = spawn(process.execPath, [program], {
    env: { ...environment, DATA_DIR: folder, WATCH: 'off' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { ...(await addressesOf(child, ended, interruption)), ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Output = Pick<ReturnType<typeof spawn>, 'stdout' | 'stderr'>;

type Addresses = Pick<LocalServer, 'issuer' | 'mcpUrl'>;

/** The addresses that it prints once it answers. Rejects with its last words when it ends before. */
function addressesOf(
  { stdout, stderr }: Output,
  ended: Promise<unknown>,
  interruption: AbortSignal,
): Promise<Addresses> {
  const { promise, resolve, reject } = Promise.withResolvers<Addresses>();
  let printed = '';
  for (const stream of [stdout, stderr])
    stream?.on('data', (chunk: Buffer) => {
      printed += chunk;
      const [, url, issuer] = /^MCP server +(\S+)\n(?:Sign-in +(\S+)\n)?Mailbox/m.exec(printed) ?? [];
      if (url) resolve({ mcpUrl: new URL(url), issuer: issuer ?? new URL(url).origin });
    });
  void ended.then(() =>
    reject(new Failure(`The server did not start: ${printed.trim().split('\n').slice(-3).join(' ')}`)),
  );
  interruption.addEventListener('abort', () => reject(new Failure('Stopped.')));
  return promise;
}
