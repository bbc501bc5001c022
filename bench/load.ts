import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { connect } from '../test/support/flow.ts';
import type { Deployed } from './deployed.ts';
import type { Peer } from './peers.ts';
import { post } from './post.ts';
import { type ProcessorTime, processorTime } from './processor-time.ts';
import { refreshing } from './refreshes.ts';

/** The first rounds start processes and warm them: ours are several, of which each has a part of the requests. */
const [warming, rounds] = [3, 3];
const calls = 320;
/** Each may make 300 calls a minute. */
const people = 32;

/** How many requests were answered in a second, and what each took of the processor, by process, without the callers'. */
export type LoadRound = { readonly perSecond: number; readonly milliseconds: ProcessorTime };

/** What requests took that so many callers made at once, round by round. */
export type Load = { readonly what: string; readonly callers: number; readonly rounds: readonly LoadRound[] };

/** Makes one request: which one it is, and for which caller. */
type Send = (at: number, caller: number) => Promise<void>;

/** Who answers, and what their processes have taken of the processor so far. */
type Served = { readonly what: string; readonly send: Send; readonly time: () => ProcessorTime };

/** A server that is compared with, in a process of its own. */
export type Compared = {
  readonly what: string;
  readonly url: string;
  readonly token?: string;
  readonly pid: number;
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
  const timeOf = (other: Compared) => () => processorTime(other.pid);
  // The callers are in this process, and what else it has started serves nobody here.
  const others = new Set(['bench.ts', 'synthesiser.ts', 'esbuild', ...compared.flatMap(namesOf)]);
  const time = () =>
    Object.fromEntries(Object.entries(processorTime(process.pid)).filter(([name]) => !others.has(name)));
  const readers = [
    { what: '`list_todos`', send: call('list_todos', {}), time },
    ...compared.map((other) => ({
      what: other.what,
      send: async () => void (await post({ ...other, body })),
      time: timeOf(other),
    })),
  ];
  const writer = { what: '`create_todo`', send: call('create_todo', { title: 'Buy milk' }), time };
  const connections = grants.map(({ clientId, tokens }) => ({ clientId, refreshToken: tokens.refresh_token }));
  const refreshers = [
    { what: 'Vestibule', send: refreshing({ url: `${deployed.issuer}/token`, resource: url, connections }), time },
    ...peers.map((peer) => ({ what: peer.what, send: refreshing(peer.refreshed), time: timeOf(peer) })),
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

function namesOf({ pid }: Compared): readonly string[] {
  return Object.keys(processorTime(pid));
}

/** The rounds of some servers, one after the other in each round. */
async function loadsOf(served: readonly Served[], callers: number): Promise<readonly Load[]> {
  const all = served.map(({ what }) => ({ what, callers, rounds: [] as LoadRound[] }));
  for (let round = 0; round < warming + rounds; round += 1) {
    for (const [at, one] of served.entries()) {
      const measured = await burst(callers, one, round * calls);
      if (round >= warming) all[at]?.rounds.push(measured);
    }
  }
  return all;
}

/** Makes the requests of one round, each caller one after the other. */
async function burst(callers: number, { send, time }: Served, first: number): Promise<LoadRound> {
  const before = time();
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
  const taken = Object.entries(time()).map(([name, all]) => [name, (all - (before[name] ?? 0)) / calls] as const);
  return { perSecond: calls / seconds, milliseconds: Object.fromEntries(taken.filter(([, each]) => each > 0)) };
}

/** Runs a script of this folder that serves, until it is stopped. */
async function serve(script: string): Promise<Omit<Compared, 'what'>> {
  const child = fork(fileURLToPath(new URL(`./${script}`, import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [port] = await once(child, 'message');
  return { url: `http://127.0.0.1:${port}/mcp`, pid: child.pid ?? 0, stop: () => child.kill() };
}
