import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod/mini';
import { Failure } from '../shared/failure.ts';
import { clientShape, tokensShape } from '../shared/tokens.ts';

/** Longer than the three requests of a refresh may take. */
const STALE_LOCK_MILLISECONDS = 90_000;
const RETRY_MILLISECONDS = 50;

const connectionShape = z.object({
  issuer: z.string(),
  resource_metadata: z.optional(z.string()),
  client: clientShape,
  tokens: z.optional(tokensShape),
});
const fileShape = z.record(z.string(), connectionShape);

/** All that is kept of one MCP server. */
export type Connection = z.output<typeof connectionShape>;

/** The connection with one MCP server, in a file that only its owner can read. */
export class TokenStore {
  readonly #file: string;
  readonly #server: string;

  constructor(file: string, url: URL) {
    this.#file = file;
    this.#server = url.href;
  }

  async read(): Promise<Connection | undefined> {
    return (await this.#all())[this.#server];
  }

  /**
   * Replaces the connection by what `change` makes of it, and returns that. Runs at the same time take turns, so that
   * one refreshes and the next finds the new token; a lock that a killed run left behind is passed over.
   */
  async update(
    change: (current: Connection | undefined) => Promise<Connection | undefined>,
  ): Promise<Connection | undefined> {
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    const lock = `${this.#file}.lock`;
    while (!(await take(lock))) await wait(RETRY_MILLISECONDS);
    try {
      const { [this.#server]: current, ...others } = await this.#all();
      const changed = await change(current);
      await this.#write(changed ? { ...others, [this.#server]: changed } : others);
      return changed;
    } finally {
      await rm(lock, { force: true });
    }
  }

  async #all(): Promise<Readonly<Record<string, Connection>>> {
    const text = await readFile(this.#file, 'utf8').catch(ifCode('ENOENT', '{}'));
    try {
      return fileShape.parse(JSON.parse(text));
    } catch {
      throw new Failure(`${this.#file} is not a file of this program; delete it, or name another one with --store.`);
    }
  }

  /** The new file takes the old one's place in one step, so that no crash leaves half a file. */
  async #write(connections: Readonly<Record<string, Connection>>): Promise<void> {
    const next = `${this.#file}.${process.pid}`;
    await rm(next, { force: true });
    await writeFile(next, `${JSON.stringify(connections, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    await rename(next, this.#file);
  }
}

async function take(lock: string): Promise<boolean> {
  const isTaken = await writeFile(lock, '', { flag: 'wx', mode: 0o600 }).then(() => true, ifCode('EEXIST', false));
  if (isTaken) return true;
  const found = await stat(lock).catch(ifCode('ENOENT', undefined));
  if (found && Date.now() - found.mtimeMs > STALE_LOCK_MILLISECONDS) await rm(lock, { force: true });
  return false;
}

function ifCode<T>(code: string, value: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === code) return value;
    throw error;
  };
}
