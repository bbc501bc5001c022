import { env } from '#core/env.ts';
import { type CountedEvent, namespace, type StatusClass, type ToolOutcome } from './metric-names.ts';

const service = env('SERVICE_NAME');

/** Counts something that concerns the whole service. */
export function countEvent(event: CountedEvent): void {
  publish(event, {});
}

/** Counts a request by its endpoint and by the class of its answer. */
export function countRequest(endpoint: string, status: number): void {
  publish('Requests', { endpoint, status: statusClass(status) });
}

/** Counts a tool call. The name must be that of a tool, never what a client sent: each one is a metric to pay for. */
export function countToolCall(tool: string, outcome: ToolOutcome): void {
  publish('ToolCalls', { tool, outcome });
}

/**
 * Writes a metric as a line of the log, from which CloudWatch takes it. It goes past the console, around which Lambda puts
 * its own JSON. Embedded Metric Format, version 0.
 */
function publish(name: string, given: Readonly<Record<string, string>>): void {
  const dimensions = { service, ...given };
  const counted = {
    Namespace: namespace,
    Dimensions: [Object.keys(dimensions)],
    Metrics: [{ Name: name, Unit: 'Count' }],
  };
  const line = { _aws: { Timestamp: Date.now(), CloudWatchMetrics: [counted] }, ...dimensions, [name]: 1 };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function statusClass(status: number): StatusClass {
  if (status === 429) return '429';
  if (status >= 500) return '5xx';
  if (status >= 400) return '4xx';
  return status >= 300 ? '3xx' : '2xx';
}
