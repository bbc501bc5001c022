/**
 * Counts at the wire what requests use, and says what that costs at list prices: `npm run cost`.
 * Writes the tables into `docs/cost.md`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { tableClient } from '../local/table.ts';
import { connect, refresh, register } from '../test/support/flow.ts';
import { callTool, newTodo, outputOf } from '../test/support/mcp.ts';
import { Operator } from '../test/support/operator.ts';
import { newMember } from '../test/support/people.ts';
import { prices } from './prices.ts';
import { tableOf } from './table-of.ts';
import { costOf, Meter, type Usage } from './usage.ts';

const todo = { title: 'Water the plants' };
const head = [
  ...['of these', 'many', 'requests', 'WRU', 'RRU', 'KMS', 'mails', 'log bytes'],
  ...['gateway', 'Lambda', 'table', 'KMS', 'mail', 'logs', 'total', 'budget'],
];
const document = new URL('../docs/cost.md', import.meta.url);
const meter = await Meter.start();
try {
  const { deployed } = meter;
  const { issuer } = deployed;
  const { clientId, tokens } = await connect(issuer);
  const operator = new Operator(tableClient(deployed.engine));
  const tenant = await operator.newTenant({ calls: { minute: 10_000, hour: 100_000 } });
  const member = await newMember(issuer, operator, tenant);
  for (const token of [tokens.access_token, member.token]) await newTodo(issuer, token);
  const call = (token: string, name: string, args: object) =>
    meter.usageOf(async () => outputOf(await callTool(issuer, token, name, args)));
  const rows = [
    row('tool call that reads (`list_todos`)', 1e6, await call(tokens.access_token, 'list_todos', {}), 3.6),
    row('tool call that writes (`create_todo`)', 1e6, await call(tokens.access_token, 'create_todo', todo), 5.6),
    row('the same that reads, where the tenant has a rate', 1e6, await call(member.token, 'list_todos', {})),
    row('the same that writes, where the tenant has a rate', 1e6, await call(member.token, 'create_todo', todo)),
    row('registration of a client', 1e3, await meter.usageOf(() => register(issuer))),
    row('sign-in of a new person, registration included', 1e3, await meter.usageOf(() => connect(issuer))),
    row(
      'refresh of a token',
      1e3,
      await meter.usageOf(async () => {
        const { status } = await refresh(issuer, clientId, tokens.refresh_token);
        if (status !== 200) throw new Error(`The refresh was answered with ${status}`);
      }),
    ),
  ];
  const idle = [
    ['KMS key', deployed.count('AWS::KMS::Key'), prices.keyMonth],
    ['metric of a CloudWatch alarm', deployed.alarmMetrics, prices.alarmMonth],
    ['CloudWatch dashboard', deployed.count('AWS::CloudWatch::Dashboard'), prices.dashboardMonth],
  ] as const;
  const tables = `${tableOf(head, rows)}\n\n${idleTable(idle)}`;
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
  return [
    ...[what, times.toLocaleString('en'), ...used],
    ...[...cost, total].map((dollars) => `$${dollars.toFixed(times < 1e6 ? 4 : 2)}`),
    budget === undefined ? '' : `$${budget.toFixed(2)}: ${total <= budget ? 'kept' : '**over**'}`,
  ];
}

function idleTable(idle: readonly (readonly [what: string, count: number, price: number])[]): string {
  const rows = idle.map(([what, count, price]) => [what, String(count), `$${price}`, `$${(count * price).toFixed(2)}`]);
  return tableOf(['idle, each month', 'in the template', 'each', 'at list price'], rows);
}
