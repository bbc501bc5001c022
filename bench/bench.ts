/**
 * Measures how fast the Lambdas start, what a warm call costs the processor, and how large the bundles are:
 * `npm run bench`. Writes `bench/results.md`. `ROUNDS` says how many fresh processes of each kind are started.
 */
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { coldStarts } from './cold-start.ts';
import { startDeployed } from './deployed.ts';
import { report } from './report.ts';
import { requesters } from './requests.ts';
import { warmCall } from './warm.ts';

const endpoints = ['discovery', 'register', 'authorize', 'token', 'revoke', 'introspect', 'mcp'];
const rounds = Number(process.env.ROUNDS ?? 15);

const deployed = await startDeployed();
try {
  const requests = await requesters(deployed.issuer);
  const [read, write] = [requests.mcp, requests['mcp write']];
  if (!read || !write) throw new Error('There is no request for the MCP endpoint');
  const calls = [
    { what: 'tools/call that reads (list_todos)', milliseconds: await warmCall(deployed, read) },
    { what: 'tools/call that writes (create_todo)', milliseconds: await warmCall(deployed, write) },
  ];
  const bundles = endpoints.map((endpoint) => ({
    endpoint,
    kilobytes: statSync(join(deployed.lambda(endpoint).folder, 'index.js')).size / 1_024,
  }));
  const results = report({ bundles, calls, rounds, ...(await coldStarts(deployed, requests, { endpoints, rounds })) });
  writeFileSync(new URL('./results.md', import.meta.url), results);
  console.info(results);
} finally {
  await deployed.stop();
}
// The stand-ins for SES and KMS in this process would keep it alive.
process.exit();
