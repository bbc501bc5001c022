import { cpus } from 'node:os';
import type { ColdStart, Sample } from './cold-start.ts';
import type { Load } from './load.ts';
import type { Parts } from './modules.ts';
import { tableOf } from './table-of.ts';

const largestKilobytes: Readonly<Record<string, number>> = { discovery: 60, authorize: 130, mcp: 550, passkeys: 600 };
const largestRatio: Readonly<Record<string, number>> = { discovery: 0.15, mcp: 0.5, passkeys: 0.5 };
const usualRatio = 0.35;
const longestCall = 1;

/** What was measured, and of how many processes of each kind. */
export type Results = {
  readonly rounds: number;
  readonly bundles: readonly { readonly endpoint: string; readonly kilobytes: number }[];
  readonly parts: readonly Parts[];
  readonly empty: Sample;
  readonly starts: readonly ColdStart[];
  readonly calls: readonly { readonly what: string; readonly milliseconds: number }[];
  readonly loads: readonly Load[];
};

const warmText = `One process answers the same call thousands of times; \`process.cpuUsage\` around them, the median of five rounds of five hundred.
The bundle is the deployed one but for the client of DynamoDB, which answers in the process and at once with the items of the real table.
So the figure holds all of our own code, the MCP SDK, jose, zod, middy, marshalling and two written lines of metrics and one of the log, and neither a signature nor a connection.`;

const loadText = `Requests over the loopback, as \`npm start\` serves them: runner, Lambdas and the table's engine, each call with sign-in, revocation, limits and audit. Beside it two servers of one process each that have nothing of that: one that appends a line to SQLite before each answer, and one as the MCP SDK's documentation has it.
Milliseconds of the processor for each request, of all processes together, without the callers': the median of three rounds of 320, and the least and the most. With one caller it is the same process of the Lambda each time, with more up to eight.`;

/** The results in Markdown, each beside its budget. */
export function report(results: Results): string {
  const { bundles, parts, starts, calls, loads } = results;
  return `${introduction()}

## Bundles

${bundleTable(bundles)}

What they are made of, in KB; below one is left out.

${partsTable(parts)}

## Cold start

${coldText(results)}

${coldTable(starts)}

## Warm call

${warmText}

${warmTable(calls)}

## The whole stack

${loadText}

${loadTable(loads)}
`;
}

function introduction(): string {
  const [first, ...others] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  return `# Measurements

\`npm run bench\`, ${date}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${others.length + 1} × ${first?.model}.
The machine is shared and was busy with other work, so durations tell little and only their ratios in one run count.
Lambda's processors are others; nothing here was measured on AWS.`;
}

function bundleTable(bundles: Results['bundles']): string {
  const rows = bundles.map(({ endpoint, kilobytes }) => {
    const most = largestKilobytes[endpoint] ?? 120;
    return [endpoint, `${most} KB`, `${kilobytes.toFixed(0)} KB`, verdict(kilobytes <= most)];
  });
  return tableOf(['bundle', 'budget', 'measured', ''], rows);
}

function partsTable(all: readonly Parts[]): string {
  const rows = all.map(({ endpoint, parts }) => [
    endpoint,
    parts
      .filter(([, kilobytes]) => kilobytes >= 1)
      .map(([name, kilobytes]) => `${name} ${kilobytes.toFixed(0)}`)
      .join(', '),
  ]);
  return tableOf(['bundle', 'of which'], rows);
}

function coldText({ empty, rounds }: Results): string {
  return `A fresh process loads the bundle and answers its first request, with stand-ins for DynamoDB and KMS on the loopback.
Medians of ${rounds} processes of each kind, started in turn, less the median of an empty Node (${empty.milliseconds.toFixed(0)} ms).
*Shared packages* is the same handler as esbuild bundles it when told nothing, with aggregated clients (\`DynamoDB\`, \`KMS\`, \`SESv2\`) and \`import { z }\`, and with the DynamoDB client, zod and jose that a module shared by all Lambdas would bring: what the budget is of.
*Own packages* is the same without what the handler does not import itself.
What is measured against the budget is the ratio to *shared packages* in time of the processor, which other work on the machine disturbs less than what it takes in all (the last column).`;
}

function coldTable(starts: readonly ColdStart[]): string {
  const rows = starts.map(({ endpoint, ours, ...plain }) => {
    const [shared, own] = [plain['shared packages'], plain['own packages']];
    const most = largestRatio[endpoint] ?? usualRatio;
    const ratio = ours.cpu / shared.cpu;
    return [
      ...[endpoint, `${most}×`, `${ratio.toFixed(2)}×`, verdict(ratio <= most)],
      ...[ours, shared, own].map(({ milliseconds }) =>
        Number.isNaN(milliseconds) ? '' : `${milliseconds.toFixed(0)} ms`,
      ),
      `${(ours.milliseconds / shared.milliseconds).toFixed(2)}×`,
    ];
  });
  return tableOf(['Lambda', 'budget', 'measured', '', 'ours', 'shared packages', 'own packages', 'in time'], rows);
}

function warmTable(calls: Results['calls']): string {
  const rows = calls.map(({ what, milliseconds }) => [
    ...[what, `${longestCall} ms`, `${milliseconds.toFixed(2)} ms`, verdict(milliseconds <= longestCall)],
  ]);
  return tableOf(['call', 'budget', 'measured', ''], rows);
}

function verdict(isKept: boolean): string {
  return isKept ? 'kept' : '**over**';
}

function loadTable(loads: Results['loads']): string {
  const rows = loads.map(({ what, callers, perSecond, milliseconds, sums }) => [
    ...[what, String(callers), perSecond.toFixed(0), sums.map((sum) => sum.toFixed(1)).join(' / ')],
    Object.entries(milliseconds)
      .filter(([, each]) => each >= 0.1)
      .map(([name, each]) => `${name} ${each.toFixed(1)}`)
      .join(', '),
  ]);
  return tableOf(['request', 'callers', 'a second', 'processor, ms: least / median / most', 'of which'], rows);
}

/** What has a budget that holds on any machine. */
export type Checked = Pick<Results, 'bundles' | 'starts'>;

/** The sizes and cold starts in Markdown. */
export function checkedTables({ bundles, starts }: Checked): string {
  return `${bundleTable(bundles)}\n\n${coldTable(starts)}\n`;
}

/** What is over its budget, a sentence each: sizes, and ratios of processor time within one run. */
export function overBudget({ bundles, starts }: Checked): readonly string[] {
  const sizes = bundles.flatMap(({ endpoint, kilobytes }) => {
    const most = largestKilobytes[endpoint] ?? 120;
    return kilobytes <= most ? [] : [`The bundle of ${endpoint} has ${kilobytes.toFixed(0)} KB, and may have ${most}.`];
  });
  const ratios = starts.flatMap(({ endpoint, ours, 'shared packages': shared }) => {
    const most = largestRatio[endpoint] ?? usualRatio;
    const ratio = ours.cpu / shared.cpu;
    return ratio <= most
      ? []
      : [`${endpoint} starts in ${ratio.toFixed(2)} of a plain bundle's time, and may take ${most}.`];
  });
  return [...sizes, ...ratios];
}
