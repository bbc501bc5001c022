/**
 * Counts at the wire what requests use, and says what that costs at list prices: `npm run cost`.
 * Writes the tables into `docs/cost.md`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { prices } from './prices.ts';
import { tableOf } from './table-of.ts';
import { billed, costOf, Meter, type Usage } from './usage.ts';
import { works } from './works.ts';

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
  const all = await works(deployed);
  const reading = await meter.usageOf(all.read);
  const rows = [
    row('tool call that reads (`list_todos`)', 1e6, reading, budgets.read),
    row('tool call that writes (`create_todo`)', 1e6, await meter.usageOf(all.write), budgets.write),
    row('the same that reads, where the tenant has a rate', 1e6, await meter.usageOf(all['read with a rate'])),
    row('the same that writes, where the tenant has a rate', 1e6, await meter.usageOf(all['write with a rate'])),
    row('registration of a client', 1e3, await meter.usageOf(all.registration)),
    row('sign-in of a new person, registration included', 1e3, await meter.usageOf(all['sign-in'])),
    row('refresh of a token', 1e3, await meter.usageOf(all.refresh)),
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
