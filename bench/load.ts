import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { connect } from '../test/support/flow.ts';
import type { Deployed } from './deployed.ts';
import type { Peer } from './peers.ts';
import { post } from './post.ts';
import { type ProcessorTime, processorTime } from './processor-time.ts';
import { refreshing } from './refreshes.ts';

const rounds = 3;
const calls = 320;
/** Each may make 300 calls a minute. */
const people = 32;

/** How many requests were answered in a second, and what each took of the processor, by process, without the callers'. */
export type LoadRound = { readonly perSecond: number; readonly milliseconds: ProcessorTime };

/** What requests took that so many callers made at once, round by round. */
export type Load = { readonly what: string; readonly callers: number; readonly rounds: readonly LoadRound[] };

/** Makes one request: which one it is, and for which caller. */
type Send = (at: number, caller: number) => Promise<void>;
type Served = { readonly what: string; readonly send: Send };

/** A server that is compared with, in a process of its own. */
export type Compared = {
  readonly what: string;
  readonly url: string;
  readonly token?: string;
  readonly stop: () => void;
};

/** Calls of tools, and at one number of callers the refreshes of each server that has any. */
export type Loads = { readonly calls: readonly Load[]; readonly refreshes: readonly Load[] };

/** Has many callers at once use the whole stack, and the servers that it is compared with, all in turn. */
export async function loads(deployed: Deployed, peers: readonly Peer[] = []): Promise<Loads> {
  const url = `${deployed.issuer}/mcp`;
  const grants = await Promise.all(Array.from({ length: people }, () => connect(deployed.issuer)));
  const call = (name: string, args: object) => async (at: number) => {
    const token = grants[at % people]?.tokens.access_token ?? '';
    const params = { name, arguments: args };
    await post({ url, token, body: JSON.stringify({ jsonrpc: '2.0', id: at, method: 'tools/call', params }) });
  };
  const compared = [
    { what: 'one process that appends to SQLite', ...(await serve('appending.cjs')) },
    { what: 'the MCP SDK, without sign-in', ...(await serve('without-sign-in.mjs')) },
    ...peers,
  ];
  const params = { name: 'list_todos', arguments: {} };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  const readers = [
    { what: '`list_todos`', send: call('list_todos', {}) },
    ...compared.map((other) => ({ what: other.what, send: async () => void (await post({ ...other, body })) })),
  ];
  const writer = { what: '`create_todo`', send: call('create_todo', { title: 'Buy milk' }) };
  const connections = grants.map(({ clientId, tokens }) => ({ clientId, refreshToken: tokens.refresh_token }));
  const refreshers = [
    { what: 'Vestibule', send: refreshing({ url: `${deployed.issuer}/token`, resource: url, connections }) },
    ...peers.map(({ what, refreshed }) => ({ what, send: refreshing(refreshed) })),
  ];
  try {
    const measured: Load[] = [];
    for (const callers of [1, 4, 16, 64]) measured.push(...(await loadsOf(readers, callers)));
    measured.push(...(await loadsOf([writer], 16)));
    return { calls: measured, refreshes: await loadsOf(refreshers, 16) };
  } finally {
    for (const other of compared) other.stop();
  }
}

/** The rounds of some servers, one after the other in each round. */
async function loadsOf(served: readonly Served[], callers: number): Promise<readonly Load[]> {
  const all = served.map(({ what }) => ({ what, callers, rounds: [] as LoadRound[] }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [at, { send }] of served.entries()) {
      const measured = await burst(callers, send, round * calls);
      // The first round starts processes.
      if (round > 0) all[at]?.rounds.push(measured);
    }
  }
  return all;
}

/** Makes the requests of one round, each caller one after the other. */
async function burst(callers: number, send: Send, first: number): Promise<LoadRound> {
  const before = processorTime(process.pid);
  const start = performance.now();
  let next = first;
  const call = async (caller: number) => {
    while (next < first + calls) {
      next += 1;
      await send(next, caller);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  const seconds = (performance.now() - start) / 1_000;
  const after = processorTime(process.pid);
  const taken = Object.entries(after).map(([name, all]) => [name, (all - (before[name] ?? 0)) / calls] as const);
  const serving = taken.filter(([name, each]) => !others.has(name) && each > 0);
  return { perSecond: calls / seconds, milliseconds: Object.fromEntries(serving) };
}

/** The callers are in this process, and some that it has started serve nobody. */
const others: ReadonlySet<string> = new Set(['bench.ts', 'synthesiser.ts', 'esbuild']);

/** Runs a script of this folder that serves, until it is stopped. */
async function serve(script: string): Promise<Omit<Compared, 'what'>> {
  const child = fork(fileURLToPath(new URL(`./${script}`, import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [port] = await once(child, 'message');
  return { url: `http://127.0.0.1:${port}/mcp`, stop: () => child.kill() };
}
