import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { env } from '#core/env.ts';
import { type CountedEvent, namespace, type StatusClass, type ToolOutcome } from './metric-names.ts';

/** Writes past Lambda's JSON wrapper around the console, where CloudWatch would not find metrics. */
const metrics = new Metrics({ namespace, serviceName: env('POWERTOOLS_SERVICE_NAME') });

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

function publish(name: string, dimensions: Record<string, string>): void {
  metrics.addDimensions(dimensions).addMetric(name, MetricUnit.Count, 1).publishStoredMetrics();
}

function statusClass(status: number): StatusClass {
  if (status === 429) return '429';
  if (status >= 500) return '5xx';
  if (status >= 400) return '4xx';
  return status >= 300 ? '3xx' : '2xx';
}
