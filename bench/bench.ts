/**
 * Measures how fast the Lambdas start, what a warm call and one through the whole stack cost the processor, how soon
 * `npm start` answers, and how large the bundles are: `npm run bench`. Writes `bench/results.md`. `ROUNDS` says how many
 * fresh processes of each kind are started. With `-- --peers` servers of others are measured beside it, their refreshes
 * too, and clients of others that ask the table: all are installed in `bench/peers` first. `npm run bench -- --check` writes nothing, and fails where a size, a count or a ratio
 * of processor time is over its budget: durations depend on the machine. `npm run bench -- --scale` measures nothing: it
 * says what gives way under load.
 */
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Checked, isDecided, largestStart, mostCounts, overBudget } from './budgets.ts';
import { ColdStarts, type Round, ratioOf } from './cold-start.ts';
import { type Deployed, startDeployed } from './deployed.ts';
import { loads } from './load.ts';
import { modules } from './modules.ts';
import { checkedTables, report } from './report.ts';
import { type Requester, requesters } from './requests.ts';
import { npmStart } from './start.ts';
import { tableClients } from './table-clients.ts';
import { Meter } from './usage.ts';
import { warmCall } from './warm.ts';
import { works } from './works.ts';

const endpoints = [
  ...['discovery', 'register', 'authorize', 'token', 'revoke', 'introspect', 'account', 'passkeys', 'mcp'],
];
type Requesters = Readonly<Record<string, Requester>>;

if (process.argv.includes('--scale')) {
  const { printScale } = await import('./scale/scale.ts');
  printScale();
} else if (process.argv.includes('--check')) await check();
else await measure(Number(process.env.ROUNDS ?? 9));
// The stand-ins for SES and KMS in this process would keep it alive.
process.exit();

async function check(): Promise<void> {
  const meter = await Meter.start();
  const { deployed } = meter;
  try {
    const requests = await requesters(deployed.issuer);
    const counts = await counted(meter);
    const calls = await warmCalls(deployed, requests, { rounds: 9, calls: 150 });
    const checked: Checked = {
      bundles: sizes(deployed),
      counts,
      starts: await decidedStarts(deployed, requests),
      calls: calls.map(({ what, rounds }) => ({ what, ratios: rounds.map(({ ours, example }) => ours / example) })),
    };
    console.info(checkedTables(checked));
    const sentences = overBudget(checked);
    for (const sentence of sentences) console.error(sentence);
    if (sentences.length > 0) process.exitCode = 1;
  } finally {
    await deployed.stop();
  }
}

async function measure(rounds: number): Promise<void> {
  const peers = process.argv.includes('--peers') ? await (await import('./peers.ts')).startPeers() : undefined;
  const meter = await Meter.start();
  const counts = await counted(meter).finally(meter.deployed.stop);
  const deployed = await startDeployed();
  try {
    const requests = await requesters(deployed.issuer);
    const text = report({
      bundles: sizes(deployed),
      parts: await modules(endpoints),
      counts,
      starts: await allStarts(deployed, requests, rounds),
      calls: await warmCalls(deployed, requests, { rounds: 7, calls: 500 }),
      clients: peers ? await tableClients(deployed) : [],
      loads: await loads(deployed, peers),
      npmStart: await npmStart(),
    });
    writeFileSync(new URL('./results.md', import.meta.url), text);
    console.info(text);
  } finally {
    await deployed.stop();
  }
}

function sizes(deployed: Deployed): Checked['bundles'] {
  return endpoints.map((endpoint) => {
    const { size } = statSync(join(deployed.lambda(endpoint).folder, 'index.js'));
    return { endpoint, kilobytes: size / 1_024 };
  });
}

/** A busy machine may begin late what is asked at once, so what waits for what is counted again where it is too much. */
async function counted(meter: Meter): Promise<Checked['counts']> {
  const all = await works(meter.deployed);
  const found = [];
  for (const what of Object.keys(mostCounts) as (keyof typeof mostCounts)[]) {
    const { work } = all[what];
    await work();
    let counts = await meter.countsOf(work);
    for (let more = 0; more < 4 && counts.trips > mostCounts[what].trips; more += 1)
      counts = await meter.countsOf(work);
    found.push({ what, counts });
  }
  return found;
}

/** Rounds of each Lambda's cold start until it is known whether it keeps its budget. */
async function decidedStarts(deployed: Deployed, requests: Requesters): Promise<Checked['starts']> {
  const starts = await ColdStarts.prepare(deployed, requests, { endpoints, kinds: ['shared packages'] });
  const found = [];
  for (const endpoint of endpoints) {
    const ratios: number[] = [];
    while (!isDecided(ratios, largestStart(endpoint))) ratios.push(ratioOf(await starts.round(endpoint)));
    found.push({ endpoint, ratios });
  }
  starts.stop();
  return found;
}

async function allStarts(deployed: Deployed, requests: Requesters, rounds: number) {
  const starts = await ColdStarts.prepare(deployed, requests, {
    endpoints,
    kinds: ['shared packages', 'own packages'],
  });
  const found = new Map<string, Round[]>(endpoints.map((endpoint) => [endpoint, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [endpoint, measured] of found) {
      const measurement = await starts.round(endpoint);
      // The first round warms the disk's cache.
      if (round > 0) measured.push(measurement);
    }
  }
  starts.stop();
  return [...found].map(([endpoint, rounds]) => ({ endpoint, rounds }));
}

async function warmCalls(deployed: Deployed, requests: Requesters, length: Parameters<typeof warmCall>[2]) {
  const { mcp, 'mcp write': writing } = requests;
  if (!mcp || !writing) throw new Error('There is no request for the MCP endpoint');
  return [
    { what: 'list_todos', rounds: await warmCall(deployed, mcp, length) },
    { what: 'create_todo', rounds: await warmCall(deployed, writing, length) },
  ] as const;
}
