import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { connect } from '../test/support/flow.ts';
import type { Deployed } from './deployed.ts';
import { median } from './median.ts';
import { post } from './post.ts';
import { type ProcessorTime, processorTime } from './processor-time.ts';

const rounds = 3;
const calls = 320;
/** Each may make 300 calls a minute. */
const people = 32;

/** What requests took that so many callers made at once: medians of the rounds, and the least and most of the sum. */
export type Load = {
  readonly what: string;
  readonly callers: number;
  readonly perSecond: number;
  /** Milliseconds of the processor for each, by process, without those of the callers. */
  readonly milliseconds: ProcessorTime;
  readonly sums: readonly [least: number, middle: number, most: number];
};

type Served = { readonly what: string; readonly callers: number; readonly send: (at: number) => Promise<void> };

/** A server that is compared with, in a process of its own. */
export type Compared = {
  readonly what: string;
  readonly url: string;
  readonly token?: string;
  readonly stop: () => void;
};

/** Has many callers at once use the whole stack, and the servers that it is compared with, all in turn. */
export async function loads(deployed: Deployed, peers: readonly Compared[] = []): Promise<readonly Load[]> {
  const grants = await Promise.all(Array.from({ length: people }, () => connect(deployed.issuer)));
  const call = (name: string, args: object) => async (at: number) => {
    const token = grants[at % people]?.tokens.access_token ?? '';
    const params = { name, arguments: args };
    await post({
      url: `${deployed.issuer}/mcp`,
      token,
      body: JSON.stringify({ jsonrpc: '2.0', id: at, method: 'tools/call', params }),
    });
  };
  const refreshTokens = grants.map(({ tokens }) => tokens.refresh_token);
  const refresh = async (at: number) => {
    const own = at % people;
    const form = { grant_type: 'refresh_token', client_id: grants[own]?.clientId ?? '' };
    const body = String(new URLSearchParams({ ...form, refresh_token: refreshTokens[own] ?? '' }));
    const answer = await post({ url: `${deployed.issuer}/token`, type: 'application/x-www-form-urlencoded', body });
    refreshTokens[own] = (JSON.parse(answer) as { readonly refresh_token: string }).refresh_token;
  };
  const compared = [
    { what: 'one process that appends to SQLite', ...(await serve('appending.cjs')) },
    { what: 'the MCP SDK, without sign-in', ...(await serve('without-sign-in.mjs')) },
    ...peers,
  ];
  const params = { name: 'list_todos', arguments: {} };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  const callOther = (other: Compared) => async () => void (await post({ ...other, body }));
  try {
    const measured: Load[] = [];
    for (const callers of [1, 4, 16, 64]) {
      measured.push(await load({ what: '`list_todos`', callers, send: call('list_todos', {}) }));
      for (const other of compared) measured.push(await load({ what: other.what, callers, send: callOther(other) }));
    }
    measured.push(await load({ what: '`create_todo`', callers: 16, send: call('create_todo', { title: 'Buy milk' }) }));
    measured.push(await load({ what: 'refresh of a token', callers: 16, send: refresh }));
    return measured;
  } finally {
    for (const other of compared) other.stop();
  }
}

async function load({ what, callers, send }: Served): Promise<Load> {
  const all = [];
  for (let round = 0; round <= rounds; round += 1) {
    const measured = await burst(callers, send, round * calls);
    // The first round starts processes.
    if (round > 0) all.push(measured);
  }
  const sums = all.map(({ milliseconds }) => Object.values(milliseconds).reduce((sum, one) => sum + one, 0));
  const middle = median(sums);
  const typical = all[sums.indexOf(middle)] ?? all[0];
  return {
    what,
    callers,
    perSecond: median(all.map(({ perSecond }) => perSecond)),
    milliseconds: typical?.milliseconds ?? {},
    sums: [Math.min(...sums), middle, Math.max(...sums)],
  };
}

/** Makes the calls of one round, each caller one after the other. */
async function burst(callers: number, send: Served['send'], first: number) {
  const before = processorTime(process.pid);
  const start = performance.now();
  let next = first;
  const caller = async () => {
    while (next < first + calls) {
      next += 1;
      await send(next);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (performance.now() - start) / 1_000;
  const after = processorTime(process.pid);
  const taken = Object.entries(after).map(([name, all]) => [name, (all - (before[name] ?? 0)) / calls] as const);
  const others = taken.filter(([name, each]) => name !== own && each > 0);
  return { perSecond: calls / seconds, milliseconds: Object.fromEntries(others) };
}

/** The callers are in this process, which is no part of what they call. */
const own = 'bench.ts';

/** Runs a script of this folder that serves, until it is stopped. */
async function serve(script: string): Promise<Omit<Compared, 'what'>> {
  const child = fork(fileURLToPath(new URL(`./${script}`, import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [port] = await once(child, 'message');
  return { url: `http://127.0.0.1:${port}/mcp`, stop: () => child.kill() };
}
