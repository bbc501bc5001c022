/**
 * Counts at the wire what requests use, and says what that costs at list prices: `npm run cost`.
 * Writes the tables into `docs/cost.md`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, refresh, register } from '../test/support/flow.ts';
import { tableClient } from '../test/support/items.ts';
import { callTool, newTodo, outputOf } from '../test/support/mcp.ts';
import { Operator } from '../test/support/operator.ts';
import { newMember } from '../test/support/people.ts';
import { prices } from './prices.ts';
import { tableOf } from './table-of.ts';
import { billed, costOf, Meter, type Usage } from './usage.ts';

const todo = { title: 'Water the plants' };
const head = [
  ...['of these', 'many', 'requests', 'WRU', 'RRU', 'KMS', 'mails', 'log bytes', 'processor', 'billed'],
  ...['gateway', 'Lambda', 'table', 'KMS', 'mail', 'logs', 'total', 'budget'],
];
/** Dollars for a million. */
const budgets = { read: 3.2, write: 4.9 };
const document = new URL('../docs/cost.md', import.meta.url);
const meter = await Meter.start();
try {
  const { deployed } = meter;
  const { issuer } = deployed;
  const { clientId, tokens } = await connect(issuer);
  const operator = new Operator(tableClient(deployed.engine));
  const tenant = await operator.newTenant({ calls: { minute: 10_000, hour: 100_000 } });
  // Each person may make 300 calls a minute with one grant.
  const person = async () => (await connect(issuer)).tokens.access_token;
  const member = async () => (await newMember(issuer, operator, tenant)).token;
  // Two round trips: what admits the call with what it reads, and what it writes. A tenant's rate is one between them.
  const call = async (caller: () => Promise<string>, name: string, args: object, trips = 2) => {
    const token = await caller();
    await newTodo(issuer, token);
    return meter.usageOf({ work: async () => outputOf(await callTool(issuer, token, name, args)), trips });
  };
  let refreshToken = tokens.refresh_token;
  const spend = async () => {
    const answer = await refresh(issuer, clientId, refreshToken);
    if (answer.status !== 200) throw new Error(`The refresh was answered with ${answer.status}`);
    refreshToken = ((await answer.json()) as { readonly refresh_token: string }).refresh_token;
  };
  const reading = await call(person, 'list_todos', {});
  const signIn = { work: () => connect(issuer, { isOwnClient: true }), times: 15 };
  const rows = [
    row('tool call that reads (`list_todos`)', 1e6, reading, budgets.read),
    row('tool call that writes (`create_todo`)', 1e6, await call(person, 'create_todo', todo), budgets.write),
    row('the same that reads, where the tenant has a rate', 1e6, await call(member, 'list_todos', {}, 3)),
    row('the same that writes, where the tenant has a rate', 1e6, await call(member, 'create_todo', todo, 3)),
    row('registration of a client', 1e3, await meter.usageOf({ work: () => register(issuer), times: 30 })),
    row('sign-in of a new person, registration included', 1e3, await meter.usageOf(signIn)),
    row('refresh of a token', 1e3, await meter.usageOf({ work: spend, trips: 2, times: 50 })),
  ];
  const idle = [
    ['KMS key', deployed.count('AWS::KMS::Key'), prices.keyMonth],
    ['metric of a CloudWatch alarm', deployed.alarmMetrics, prices.alarmMonth],
    ['CloudWatch dashboard', deployed.count('AWS::CloudWatch::Dashboard'), prices.dashboardMonth],
  ] as const;
  const tables = [tableOf(head, rows), memoryTable(reading), idleTable(idle)].join('\n\n');
  const [before, after] = readFileSync(document, 'utf8').split(/(?<=<!-- counted -->\n)[\s\S]*(?=<!-- end -->)/);
  writeFileSync(document, `${before}\n${tables}\n\n${after}`);
  console.info(tables);
} finally {
  await meter.deployed.stop();
}
// The stand-ins for SES and KMS in this process would keep it alive.
process.exit();

/** What so many of them cost, and what one of them used. */
function row(what: string, times: number, usage: Usage, budget?: number): readonly string[] {
  const { requests, writes, reads, signatures, mails, logBytes } = usage;
  const cost = Object.values(costOf(usage)).map((dollars) => dollars * times);
  const total = cost.reduce((sum, one) => sum + one, 0);
  const used = [requests, writes, reads, signatures, mails, logBytes].map(String);
  const time = [`${usage.processor.toFixed(1)} ms`, `${billed(usage)} ms`];
  return [
    ...[what, times.toLocaleString('en'), ...used, ...time],
    ...[...cost, total].map((dollars) => `$${dollars.toFixed(times < 1e6 ? 4 : 2)}`),
    budget === undefined ? '' : `$${budget.toFixed(2)}: ${total <= budget ? 'kept' : '**over**'}`,
  ];
}

/** Of one request, with more and with less memory. */
function memoryTable(usage: Usage): string {
  const rows = [256, 512, 1_024, 1_769].map((memory) => {
    const { lambda } = costOf(usage, memory);
    return [`${memory} MB`, `${billed(usage, memory)} ms`, `$${(lambda * 1e6).toFixed(2)}`];
  });
  return tableOf(['memory of the Lambda, for `list_todos`', 'billed', 'a million'], rows);
}

function idleTable(idle: readonly (readonly [what: string, count: number, price: number])[]): string {
  const rows = idle.map(([what, count, price]) => [what, String(count), `$${price}`, `$${(count * price).toFixed(2)}`]);
  return tableOf(['idle, each month', 'in the template', 'each', 'at list price'], rows);
}
