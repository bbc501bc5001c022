import type { RunningStack } from './stack.ts';

/** One metric as CloudWatch reads it from a log: what was counted, and by which dimensions. */
export type Metric = { readonly name: string; readonly value: number; readonly dimensions: Record<string, string> };

type EmbeddedMetrics = {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [member: string]: unknown;
};

/** Lines with metrics, as they stand in the logs of the Lambdas, after the name of the Lambda. */
export function metricLines(logs: string): string[] {
  return logs.split('\n').flatMap((line) => /│ (\{.*"_aws".*)$/.exec(line)?.[1] ?? []);
}

/**
 * The metrics in a line. Throws where CloudWatch would find none: the format wants `_aws` at the root, and every metric
 * and dimension that it names beside it. Embedded Metric Format, version 0.
 */
export function metricsIn(line: string): Metric[] {
  const embedded = JSON.parse(line) as EmbeddedMetrics;
  const { Timestamp, CloudWatchMetrics } = embedded._aws;
  if (!Number.isInteger(Timestamp)) throw new Error(`No time: ${line}`);
  return CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) => {
    if (!Namespace || Dimensions.length === 0 || Metrics.length === 0) throw new Error(`Nothing is counted: ${line}`);
    return Metrics.flatMap(({ Name: name }) => {
      const value = embedded[name];
      if (typeof value !== 'number') throw new Error(`${name} has no value: ${line}`);
      return Dimensions.map((names) => ({ name, value, dimensions: dimensionsIn(embedded, names) }));
    });
  });
}

function dimensionsIn(embedded: EmbeddedMetrics, names: readonly string[]): Record<string, string> {
  const found = names.map((name) => {
    const value = embedded[name];
    if (typeof value !== 'string' || value === '') throw new Error(`The dimension ${name} has no value`);
    return [name, value] as const;
  });
  return Object.fromEntries(found);
}

/**
 * Does something, and gives what was counted since it began: `Grants`, or `Requests endpoint=token status=2xx`, each as
 * often as it was. A line may arrive after the answer, so this is to be polled.
 */
export async function counted(stack: RunningStack, work: () => Promise<unknown>): Promise<() => string[]> {
  const before = stack.logs().length;
  await work();
  return () => metricLines(stack.logs().slice(before)).flatMap(metricsIn).map(described).sort();
}

function described({ name, value, dimensions: { service, ...others } }: Metric): string {
  const parts = Object.entries(others).map(([dimension, of]) => `${dimension}=${of}`);
  return [name, ...parts, ...(value === 1 ? [] : [`× ${value}`])].join(' ');
}
