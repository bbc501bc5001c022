import { env } from '#core/env.ts';
import { countedBy } from '#generated';
import { type CountedEvent, namespace, type StatusClass, type ToolOutcome } from './metric-names.ts';
import type { Request } from './request.ts';

const service = env('SERVICE_NAME');

type Dimensions = Readonly<Record<string, string>>;
type Metric = { readonly name: string; readonly dimensions: Dimensions; readonly sets: readonly (readonly string[])[] };
type ToolCall = { readonly tool: string; readonly outcome: ToolOutcome };
type Answered = {
  readonly endpoint: string;
  readonly status: number;
  readonly shown: Readonly<Record<string, string>>;
};

/** The tool calls of requests under way: each is told in the line of its request. */
const toolCalls = new WeakMap<Request, ToolCall>();

/** Counts something that concerns the whole service. */
export function countEvent(event: CountedEvent): void {
  publish([metric(event, {}, [[]])]);
}

/** Counts a tool call of a request. The name must be that of a tool, never what a client sent: each one is a metric to pay for. */
export function countToolCall(request: Request, call: ToolCall): void {
  const before = toolCalls.get(request);
  if (before) publish([ofToolCall(before)]);
  toolCalls.set(request, call);
}

/** Counts a request by its endpoint and by the class of its answer, with its tool call, in a line that shows more of it. */
export function countRequest(request: Request, { endpoint, status, shown }: Answered): void {
  const call = toolCalls.get(request);
  const calls = call ? [ofToolCall(call)] : [];
  publish([ofRequest(endpoint, statusClass(status)), ...calls], shown);
}

function ofToolCall({ tool, outcome }: ToolCall): Metric {
  return metric('ToolCalls', { tool, outcome }, [countedBy.tool ? ['tool', 'outcome'] : ['outcome']]);
}

/** Failures are always counted by their endpoint too: by them a new version is taken back. */
function ofRequest(endpoint: string, status: StatusClass): Metric {
  const byEndpoint = ['endpoint', 'status'];
  const sets = countedBy.endpoint ? [byEndpoint] : [['status'], ...(status === '5xx' ? [byEndpoint] : [])];
  return metric('Requests', { endpoint, status }, sets);
}

function metric(name: string, dimensions: Dimensions, sets: Metric['sets']): Metric {
  return { name, dimensions, sets: sets.map((set) => ['service', ...set]) };
}

/**
 * Writes metrics as one line of the log, from which CloudWatch takes them. It goes past the console, around which Lambda
 * puts its own JSON. Embedded Metric Format, version 0.
 */
function publish(metrics: readonly Metric[], shown: Answered['shown'] = {}): void {
  const CloudWatchMetrics = metrics.map(({ name, sets }) => ({
    Namespace: namespace,
    Dimensions: sets,
    Metrics: [{ Name: name, Unit: 'Count' }],
  }));
  const members = metrics.map(({ name, dimensions }) => ({ ...dimensions, [name]: 1 }));
  const line = {
    _aws: { Timestamp: Date.now(), CloudWatchMetrics },
    service,
    ...Object.assign({}, ...members),
    ...shown,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function statusClass(status: number): StatusClass {
  if (status === 429) return '429';
  if (status >= 500) return '5xx';
  if (status >= 400) return '4xx';
  return status >= 300 ? '3xx' : '2xx';
}
