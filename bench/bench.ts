/**
 * Measures how fast the Lambdas start, what a warm call and one through the whole stack cost the processor, and how large
 * the bundles are: `npm run bench`. Writes `bench/results.md`. `ROUNDS` says how many fresh processes of each kind are
 * started. `npm run bench -- --check` writes nothing, and fails where a size or a ratio of processor time is over its
 * budget: durations depend on the machine. `npm run bench -- --scale` measures nothing: it says what gives way under load.
 */
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { coldStarts, type Kind } from './cold-start.ts';
import { startDeployed } from './deployed.ts';
import { loads } from './load.ts';
import { modules } from './modules.ts';
import { type Checked, checkedTables, overBudget, type Results, report } from './report.ts';
import { requesters } from './requests.ts';
import { warmCall } from './warm.ts';

if (process.argv.includes('--scale')) {
  const { printScale } = await import('./scale/scale.ts');
  printScale();
  process.exit();
}

const endpoints = [
  ...['discovery', 'register', 'authorize', 'token', 'revoke', 'introspect', 'account', 'passkeys', 'mcp'],
];
const isCheck = process.argv.includes('--check');
const rounds = Number(process.env.ROUNDS ?? (isCheck ? 2 : 15));

/** What is checked is a ratio to these alone. */
const kinds: readonly Kind[] = isCheck ? ['ours', 'shared packages'] : ['ours', 'shared packages', 'own packages'];

const deployed = await startDeployed();
try {
  const requests = await requesters(deployed.issuer);
  const bundles = endpoints.map((endpoint) => ({
    endpoint,
    kilobytes: statSync(join(deployed.lambda(endpoint).folder, 'index.js')).size / 1_024,
  }));
  const cold = await coldStarts(deployed, requests, { endpoints, rounds, kinds });
  if (isCheck) check({ bundles, ...cold });
  else await write({ bundles, parts: await modules(endpoints), rounds, ...cold }, requests);
} finally {
  await deployed.stop();
}
// The stand-ins for SES and KMS in this process would keep it alive.
process.exit();

function check(measured: Checked): void {
  console.info(checkedTables(measured));
  const sentences = overBudget(measured);
  for (const sentence of sentences) console.error(sentence);
  if (sentences.length > 0) process.exitCode = 1;
}

type Cold = Omit<Results, 'calls' | 'loads'>;

async function write(cold: Cold, { mcp, 'mcp write': writing }: Awaited<ReturnType<typeof requesters>>): Promise<void> {
  if (!mcp || !writing) throw new Error('There is no request for the MCP endpoint');
  const calls = [
    { what: 'tools/call that reads (list_todos)', milliseconds: await warmCall(deployed, mcp) },
    { what: 'tools/call that writes (create_todo)', milliseconds: await warmCall(deployed, writing) },
  ];
  const text = report({ ...cold, calls, loads: await loads(deployed) });
  writeFileSync(new URL('./results.md', import.meta.url), text);
  console.info(text);
}
