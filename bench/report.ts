import { cpus } from 'node:os';
import { type Checked, type Counts, isOver, largestBundle, largestStart, longestCalls, mostCounts } from './budgets.ts';
import { beyondEmpty, type Round, ratioOf } from './cold-start.ts';
import type { Load, LoadRound, Loads } from './load.ts';
import { median } from './median.ts';
import type { Parts } from './modules.ts';
import type { NpmStart } from './start.ts';
import type { ClientRound } from './table-clients.ts';
import { tableOf } from './table-of.ts';
import type { WarmRound } from './warm.ts';

/** Milliseconds of this machine. */
const longest = { list_todos: 0.58, create_todo: 0.65, firstAnswer: 5_000, reload: 3_000 } as const;

/** The server whose refreshes are to take longer than ours. */
const toOutrun = '`workers-oauth-provider` in workerd';

/** What was measured, round by round. */
export type Results = Pick<Checked, 'bundles' | 'counts'> & {
  readonly parts: readonly Parts[];
  readonly starts: readonly { readonly endpoint: string; readonly rounds: readonly Round[] }[];
  readonly calls: readonly { readonly what: keyof typeof longestCalls; readonly rounds: readonly WarmRound[] }[];
  /** None without the clients of others. */
  readonly clients: readonly ClientRound[];
  readonly loads: Loads;
  readonly npmStart: NpmStart;
};

const countsText = `The requests to the table of one request, or of all those of a sign-in, and the units that DynamoDB counts for them, at the wire: in each cell the count, and the budget.`;

const warmText = `One process answers the same call thousands of times; \`process.cpuUsage\` around rounds of five hundred, in turn with rounds of the same call that the MCP SDK's server answers as its documentation shows it.
The bundle is the deployed one but for the client of DynamoDB, which answers in the process and at once with the items of the real table.
So the figure holds all of our own code, the MCP SDK, jose, zod, middy, marshalling and the written lines of metrics and log, and neither a request's signature nor a connection.
The ratio has a budget that is checked. The milliseconds have an aim: half of what was measured at first.`;

const clientsText = `One process asks the local table's engine for the same three items with \`BatchGetItem\` and the same body, again and again over a connection that is kept: it writes the body, signs, sends, and reads the answer. Four clients do so in turn, in rounds of three hundred calls; \`process.cpuUsage\` around each round, so that the engine's own time is not in it.
All but the last would try again after a failure, and ours alone compares the answer with its checksum. \`aws4fetch\` signs with WebCrypto and sends with \`fetch\`.`;

const loadText = `Requests over the loopback, as \`npm start\` serves them: runner, Lambdas and the table's engine, each call with sign-in, revocation, limits and audit. Beside it servers of one process each: one that appends a line to SQLite before each answer, and one as the MCP SDK's documentation has it, which have nothing of that; and with \`-- --peers\` servers of others, of which [the notes](notes.md#servers-of-others) say what they do.
Three rounds of 320 requests, one server after the other in each. Milliseconds of the processor are for each request, of all processes of a server together, without the callers'; which process took them is said of the round in the middle. With one caller it is the same process of the Lambda each time, with more up to eight.`;

const refreshText = `Refreshes at the same time, as many as there are callers: each spends its own refresh token, and then the one that it was given for it. All give an access token and the next refresh token. The rounds are as above. Our access tokens are signed by the stand-in for KMS, which runs in the callers' process: that delays answers, but its time is not among the milliseconds.`;

const startText = `A copy of the project with compiled code in its cache; the times of a clock, of five starts with a reload each. The first answer is that of the MCP endpoint to a request without a token, and a reload ends with that too.`;

/** The results in Markdown, each beside its budget. */
export function report(results: Results): string {
  const { bundles, parts, counts, starts, calls, clients, loads, npmStart } = results;
  const sections = [
    introduction(),
    '## Bundles',
    bundleTable(bundles),
    'What they are made of, in KB; below one is left out.',
    partsTable(parts),
    '## Counts',
    countsText,
    countsTable(counts),
    '## Cold start',
    coldText(starts),
    coldTable(starts),
    '## Warm call',
    warmText,
    warmTable(calls),
    ...(clients.length > 0 ? ['## A request to the table', clientsText, clientsTable(clients)] : []),
    '## The whole stack',
    loadText,
    loadTable(loads.calls),
    '## Refreshes',
    refreshText,
    loadTable(loads.refreshes),
    ...(loads.refreshes.length > 1 ? [refreshRatios(loads.refreshes)] : []),
    '## `npm start`',
    startText,
    startTable(npmStart),
  ];
  return `${sections.join('\n\n')}\n`;
}

function introduction(): string {
  const [first, ...others] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  return `# Measurements

\`npm run bench\`, ${date}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${others.length + 1} × ${first?.model}.
The machine is shared with other work, so durations tell little and only their ratios in one run count.
Lambda's processors are others; nothing here was measured on AWS.`;
}

function bundleTable(bundles: Results['bundles']): string {
  const rows = bundles.map(({ endpoint, kilobytes }) => {
    const most = largestBundle(endpoint);
    return [endpoint, `${most} KB`, `${kilobytes.toFixed(0)} KB`, verdict(kilobytes <= most)];
  });
  return tableOf(['bundle', 'budget', 'measured', ''], rows);
}

function countsTable(all: Results['counts']): string {
  const rows = all.map(({ what, counts }) => {
    const most: Counts = mostCounts[what];
    const names = ['asked', 'trips', 'writes', 'reads'] as const;
    const isKept = names.every((name) => counts[name] <= most[name]);
    return [what, ...names.map((name) => `${counts[name]} of ${most[name]}`), verdict(isKept)];
  });
  return tableOf(['request', 'requests to the table', 'one after the other', 'WRU', 'RRU', ''], rows);
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

function coldText(starts: Results['starts']): string {
  const empty = median(starts.flatMap(({ rounds }) => rounds.map((round) => round.empty.milliseconds)));
  return `A fresh process loads the bundle and answers its first request, with stand-ins for DynamoDB and KMS on the loopback.
Medians of ${starts[0]?.rounds.length} processes of each kind, started in turn, less an empty Node in the same round (${empty.toFixed(0)} ms).
*Shared packages* is the same handler as esbuild bundles it when told nothing, with aggregated clients (\`DynamoDB\`, \`KMS\`, \`SESv2\`) and \`import { z }\`, and with the DynamoDB client, zod and jose that a module shared by all Lambdas would bring: what the budget is of.
*Own packages* is the same without what the handler does not import itself.
What is measured against the budget is the ratio to *shared packages* in time of the processor, which other work on the machine disturbs less than what it takes in all (the last column).`;
}

function coldTable(starts: Results['starts']): string {
  const rows = starts.map(({ endpoint, rounds }) => {
    const most = largestStart(endpoint);
    const ratios = rounds.map(ratioOf);
    const kinds = ['ours', 'shared packages', 'own packages'] as const;
    const times = kinds.map((kind) => median(rounds.map((round) => beyondEmpty(round, kind).milliseconds)));
    const [ours = 0, shared = 0] = times;
    return [
      ...[endpoint, `${most}×`, spread(ratios), verdict(median(ratios) <= most)],
      ...[...times.map((time) => `${time.toFixed(0)} ms`), `${(ours / shared).toFixed(2)}×`],
    ];
  });
  const head = ['Lambda', 'budget', 'least / median / most', '', 'ours', 'shared packages', 'own packages', 'in time'];
  return tableOf(head, rows);
}

function warmTable(calls: Results['calls']): string {
  const rows = calls.map(({ what, rounds }) => {
    const [most, ratios] = [longestCalls[what], rounds.map(({ ours, example }) => ours / example)];
    const milliseconds = median(rounds.map(({ ours }) => ours)) / 1_000;
    return [
      ...[what, `${most}×`, spread(ratios), verdict(median(ratios) <= most)],
      ...[`${longest[what]} ms`, `${milliseconds.toFixed(2)} ms`, verdict(milliseconds <= longest[what])],
      `${(median(rounds.map(({ example }) => example)) / 1_000).toFixed(2)} ms`,
    ];
  });
  const head = ['call', 'budget', 'least / median / most', '', 'aim', 'measured', '', "the SDK's example"];
  return tableOf(head, rows);
}

function startTable({ firstAnswers, reloads }: NpmStart): string {
  const row = (what: string, milliseconds: readonly number[], most: number) => {
    const seconds = milliseconds.map((one) => one / 1_000);
    return [what, `${most / 1_000} s`, `${leastToMost(seconds, 1)} s`, verdict(median(milliseconds) <= most)];
  };
  const rows = [
    row('first answer after `npm start`', firstAnswers, longest.firstAnswer),
    row('answer of what was saved', reloads, longest.reload),
  ];
  return tableOf(['', 'budget', 'least / median / most', ''], rows);
}

/** The least, the middle and the most of some ratios. */
function spread(ratios: readonly number[]): string {
  return `${leastToMost(ratios, 2)} ×`;
}

function leastToMost(numbers: readonly number[], digits: number): string {
  return [Math.min(...numbers), median(numbers), Math.max(...numbers)].map((one) => one.toFixed(digits)).join(' / ');
}

function verdict(isKept: boolean): string {
  return isKept ? 'kept' : '**over**';
}

function clientsTable(rounds: readonly ClientRound[]): string {
  const [ours = '', ...others] = Object.keys(rounds[0] ?? {});
  const of = (name: string) => rounds.map((round) => round[name] ?? Number.NaN);
  const rows = [ours, ...others].map((name) => [
    name,
    leastToMost(
      of(name).map((microseconds) => microseconds / 1_000),
      2,
    ),
    name === ours ? '' : spread(of(name).map((other, at) => other / (of(ours)[at] ?? Number.NaN))),
  ]);
  const head = [
    'client',
    'processor, ms a call: least / median / most',
    'as a multiple of ours: least / median / most',
  ];
  return tableOf(head, rows);
}

function loadTable(loads: readonly Load[]): string {
  const rows = loads.map(({ what, callers, rounds }) => {
    const sums = rounds.map(sumOf);
    return [
      ...[what, String(callers), leastToMost(perSecond(rounds), 0), leastToMost(sums, 1)],
      partsOf(rounds[sums.indexOf(median(sums))]),
    ];
  });
  const head = [
    ...['request', 'callers', 'a second: least / median / most', 'processor, ms: least / median / most', 'of which'],
  ];
  return tableOf(head, rows);
}

function perSecond(rounds: readonly LoadRound[]): readonly number[] {
  return rounds.map((round) => round.perSecond);
}

function sumOf({ milliseconds }: LoadRound): number {
  return Object.values(milliseconds).reduce((sum, one) => sum + one, 0);
}

function partsOf(round: LoadRound | undefined): string {
  return Object.entries(round?.milliseconds ?? {})
    .filter(([, each]) => each >= 0.1)
    .map(([name, each]) => `${name} ${each.toFixed(1)}`)
    .join(', ');
}

/** How many of our refreshes are answered in a second, beside those of each other server in the same round. */
function refreshRatios([ours, ...others]: readonly Load[]): string {
  const rows = others.map(({ what, rounds }) => {
    const ratios = rounds.map((round, at) => (ours?.rounds[at]?.perSecond ?? Number.NaN) / round.perSecond);
    const isAim = what === toOutrun;
    return [what, isAim ? 'more than 1×' : '', spread(ratios), isAim ? verdict(median(ratios) > 1) : ''];
  });
  const head = ['compared with', 'aim', 'our refreshes a second, as a multiple of theirs: least / median / most', ''];
  return tableOf(head, rows);
}

/** What is checked, in Markdown. */
export function checkedTables({ bundles, counts, starts, calls }: Checked): string {
  const row = (what: string, most: number, ratios: readonly number[]) => [
    ...[what, `${most}×`, spread(ratios), String(ratios.length), isOver(ratios, most) ? '**over**' : 'kept'],
  ];
  const rows = [
    ...starts.map(({ endpoint, ratios }) => row(`cold start of ${endpoint}`, largestStart(endpoint), ratios)),
    ...calls.map(({ what, ratios }) => row(`warm call of ${what}`, longestCalls[what], ratios)),
  ];
  const head = ['time of the processor', 'budget', 'least / median / most', 'rounds', ''];
  return [bundleTable(bundles), countsTable(counts), tableOf(head, rows)].join('\n\n');
}
