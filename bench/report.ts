import { cpus } from 'node:os';
import type { ColdStart, Sample } from './cold-start.ts';
import { tableOf } from './table-of.ts';

const largestKilobytes: Readonly<Record<string, number>> = { discovery: 60, authorize: 130, mcp: 550, passkeys: 600 };
const largestRatio: Readonly<Record<string, number>> = { discovery: 0.15, mcp: 0.8 };
const longestCall = 1;

/** What was measured, and of how many processes of each kind. */
type Results = {
  readonly rounds: number;
  readonly bundles: readonly { readonly endpoint: string; readonly kilobytes: number }[];
  readonly empty: Sample;
  readonly starts: readonly ColdStart[];
  readonly calls: readonly { readonly what: string; readonly milliseconds: number }[];
};

const warmText = `One process answers the same call thousands of times; \`process.cpuUsage\` around them, the median of five rounds of five hundred.
The bundle is the deployed one but for the client of DynamoDB, which answers in the process and at once with the items of the real table.
So the figure holds all of our own code, the MCP SDK, jose, zod, middy, Powertools, marshalling and two written lines of metrics and one of the log, and neither a signature nor a connection.`;

/** The results in Markdown, each beside its budget. */
export function report(results: Results): string {
  const { bundles, starts, calls } = results;
  return `${introduction()}

## Bundles

${bundleTable(bundles)}

## Cold start

${coldText(results)}

${coldTable(starts)}

## Warm call

${warmText}

${warmTable(calls)}
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

function coldText({ empty, rounds }: Results): string {
  return `A fresh process loads the bundle and answers its first request, with stand-ins for DynamoDB and KMS on the loopback.
Medians of ${rounds} processes of each kind, started in turn, less the median of an empty Node (${empty.milliseconds.toFixed(0)} ms).
*Shared packages* is the same handler as esbuild bundles it when told nothing, with aggregated clients (\`DynamoDB\`, \`KMS\`, \`SESv2\`), \`import { z }\` and Powertools, and with the DynamoDB client, zod and jose that a module shared by all Lambdas would bring: what the budget is of. Powertools' tracer would belong to it; it is not installed and so is left out, which makes the budget harder to keep.
*Own packages* is the same without what the handler does not import itself.
The last column is the ratio to *shared packages* in time of the processor, which other work on the machine disturbs less.`;
}

function coldTable(starts: readonly ColdStart[]): string {
  const rows = starts.map(({ endpoint, ours, ...plain }) => {
    const [shared, own] = [plain['shared packages'], plain['own packages']];
    const most = largestRatio[endpoint] ?? 0.5;
    const ratio = ours.milliseconds / shared.milliseconds;
    return [
      ...[endpoint, `${most}×`, `${ratio.toFixed(2)}×`, verdict(ratio <= most)],
      ...[ours, shared, own].map(({ milliseconds }) => `${milliseconds.toFixed(0)} ms`),
      `${(ours.cpu / shared.cpu).toFixed(2)}×`,
    ];
  });
  return tableOf(['Lambda', 'budget', 'measured', '', 'ours', 'shared packages', 'own packages', 'processor'], rows);
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
