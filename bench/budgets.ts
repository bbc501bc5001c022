/** What may be so large, so slow and so dear, and what is over its budget: nothing here measures. */

/** In KB, minified. */
export function largestBundle(endpoint: string): number {
  const named: Readonly<Record<string, number>> = {
    discovery: 60,
    authorize: 132,
    admin: 132,
    provider: 160,
    mcp: 550,
    passkeys: 600,
  };
  return named[endpoint] ?? 120;
}

/** A cold start's time of the processor, as a share of that of the plain bundle. */
export function largestStart(endpoint: string): number {
  const named: Readonly<Record<string, number>> = { discovery: 0.15, mcp: 0.6, passkeys: 0.5 };
  return named[endpoint] ?? 0.35;
}

/** What one request, or all those of a sign-in, may ask of the table, and what DynamoDB counts for it. */
export type Counts = {
  readonly asked: number;
  /** How many of them wait for one another. */
  readonly trips: number;
  readonly writes: number;
  readonly reads: number;
};

export const mostCounts = {
  read: { asked: 4, trips: 2, writes: 2, reads: 3 },
  write: { asked: 3, trips: 2, writes: 7, reads: 2 },
  refresh: { asked: 2, trips: 2, writes: 1, reads: 3 },
  registration: { asked: 3, trips: 2, writes: 3, reads: 0 },
  'sign-in': { asked: 17, trips: 16, writes: 74, reads: 22 },
} as const satisfies Record<string, Counts>;

export type Counted = keyof typeof mostCounts;

/** A warm call's time of the processor, as a multiple of what the SDK's own example takes for it. */
export const longestCalls = { list_todos: 2.75, create_todo: 3 } as const;

/** What is checked on any machine: sizes, counts, and ratios of processor time in one run, round by round. */
export type Checked = {
  readonly bundles: readonly { readonly endpoint: string; readonly kilobytes: number }[];
  readonly counts: readonly { readonly what: Counted; readonly counts: Counts }[];
  readonly starts: readonly { readonly endpoint: string; readonly ratios: readonly number[] }[];
  readonly calls: readonly { readonly what: keyof typeof longestCalls; readonly ratios: readonly number[] }[];
};

const WITHIN_IS_KEPT = 3;
const OVER_IS_MISSED = 9;
/** What few rounds on a busy machine may differ from many on a quiet one. */
const TOLERANCE = 1.1;

/**
 * True once enough rounds have been measured: three within the budget, or nine more than a tenth over it. A ratio that
 * keeps its budget is hardly ever found to miss it, whatever else the machine does.
 */
export function isDecided(ratios: readonly number[], most: number): boolean {
  const over = roundsOver(ratios, most);
  return over >= OVER_IS_MISSED || ratios.length - over >= WITHIN_IS_KEPT;
}

/** True if four rounds of five are more than a tenth over the budget: what another program takes from one is no miss. */
export function isOver(ratios: readonly number[], most: number): boolean {
  return roundsOver(ratios, most) >= 0.8 * ratios.length;
}

function roundsOver(ratios: readonly number[], most: number): number {
  return ratios.filter((ratio) => ratio > most * TOLERANCE).length;
}

/** What is over its budget, a sentence each. */
export function overBudget({ bundles, counts, starts, calls }: Checked): readonly string[] {
  const sizes = bundles
    .filter(({ endpoint, kilobytes }) => kilobytes > largestBundle(endpoint))
    .map(({ endpoint, kilobytes }) => {
      return `The bundle of ${endpoint} has ${kilobytes.toFixed(1)} KB, and may have ${largestBundle(endpoint)}.`;
    });
  const units = counts.flatMap(({ what, counts }) => overCounts(what, counts));
  const slow = starts
    .filter(({ endpoint, ratios }) => isOver(ratios, largestStart(endpoint)))
    .map(({ endpoint, ratios }) => {
      const most = `may take ${largestStart(endpoint)}`;
      return `${endpoint} starts in ${shown(ratios)} of a plain bundle's time of the processor, and ${most}.`;
    });
  const long = calls
    .filter(({ what, ratios }) => isOver(ratios, longestCalls[what]))
    .map(({ what, ratios }) => {
      const most = `may take ${longestCalls[what]} times that`;
      return `A warm call of ${what} takes ${shown(ratios)} times as long as that of the SDK's example, and ${most}.`;
    });
  return [...sizes, ...units, ...slow, ...long];
}

const meanings: Readonly<Record<keyof Counts, string>> = {
  asked: 'requests to the table',
  trips: 'requests to the table that wait for one another',
  writes: 'write units',
  reads: 'read units',
};

function overCounts(what: Counted, counts: Counts): readonly string[] {
  const most: Counts = mostCounts[what];
  return (Object.keys(meanings) as (keyof Counts)[])
    .filter((name) => counts[name] > most[name])
    .map((name) => `A ${what} takes ${counts[name]} ${meanings[name]}, and may take ${most[name]}.`);
}

/** The ratios of all rounds. */
function shown(ratios: readonly number[]): string {
  return ratios.map((ratio) => ratio.toFixed(2)).join(', ');
}
