import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type Tool } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Failure } from './failure.ts';

const LONGEST_MILLISECONDS = 30_000;
const MOST_STDERR = 2_000;

/** How a server is started here. */
export type Started = {
  /** What it is called in a failure. */
  readonly name: string;
  readonly module: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
};

/** Starts a server, lists its tools, and ends it. Throws a failure with what it said if it does not come to that. */
export async function toolsOverStdio({ name, module, args, environment }: Started): Promise<readonly Tool[]> {
  const cwd = mkdtempSync(join(tmpdir(), 'vestibule-server-'));
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [module, ...args],
    env: { HOME: cwd, ...environment },
    cwd,
    stderr: 'pipe',
  });
  const said: string[] = [];
  transport.stderr?.on('data', (chunk: Buffer) => void said.push(chunk.toString()));
  const client = new Client({ name: 'vestibule', version: '1' });
  try {
    await client.connect(transport, { timeout: LONGEST_MILLISECONDS });
    const { tools } = await client.listTools(undefined, { timeout: LONGEST_MILLISECONDS });
    return tools;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const lines = said.join('').slice(-MOST_STDERR).trim();
    throw new Failure(`${name} did not list its tools: ${reason}.${lines && ` It said:\n${lines}`}`);
  } finally {
    const { pid } = transport;
    if (pid !== null) process.kill(pid, 'SIGKILL');
    await client.close();
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** What tells one input schema from another, whatever the order of its members. */
export function schemaDigest(schema: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(inOrder(schema)))
    .digest('base64url')
    .slice(0, 16);
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, inOrder(member)]));
}
