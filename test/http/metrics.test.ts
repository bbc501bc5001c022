import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ToolOutcome } from '#core/http/metric-names.ts';
import { toRequest } from '#core/http/request.ts';
import { probe } from '../../lambdas/version-check/probe.ts';
import { metricsIn } from '../support/metrics.ts';

const settings = vi.hoisted(() => ({ countedBy: { endpoint: true, tool: true } }));
vi.mock('#generated', () => settings);

beforeEach(() => vi.stubEnv('SERVICE_NAME', 'Server'));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  settings.countedBy = { endpoint: true, tool: true };
});

/** The lines that a request leaves, each as its metrics with their dimensions. */
async function linesOf(status: number, outcomes: readonly ToolOutcome[] = []): Promise<string[][]> {
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  const { countRequest, countToolCall } = await import('#core/http/metrics.ts');
  const request = toRequest({ ...probe });
  for (const outcome of outcomes) countToolCall(request, { tool: 'list_todos', outcome });
  countRequest(request, { endpoint: 'mcp', status, shown: {} });
  vi.restoreAllMocks();
  return lines.map((line) =>
    metricsIn(line).map(({ name, dimensions }) => `${name}: ${Object.values(dimensions).join(' ')}`),
  );
}

describe('the metrics of a request', () => {
  test('are one line, with its tool call', async () => {
    expect(await linesOf(200, ['allowed'])).toEqual([
      ['Requests: Server mcp 2xx', 'ToolCalls: Server list_todos allowed'],
    ]);
  });

  test('leave out no tool call where there are two', async () => {
    expect(await linesOf(200, ['failed', 'allowed'])).toEqual([
      ['ToolCalls: Server list_todos failed'],
      ['Requests: Server mcp 2xx', 'ToolCalls: Server list_todos allowed'],
    ]);
  });

  test.for([200, 303, 401, 429])('do not tell endpoints apart where the settings say so: %i', async (status) => {
    settings.countedBy = { endpoint: false, tool: true };
    const [[of]] = (await linesOf(status)) as [[string]];
    expect(of).toMatch(/^Requests: Server (2xx|3xx|4xx|429)$/);
  });

  test('do so where it failed, since a new version is taken back by that', async () => {
    settings.countedBy = { endpoint: false, tool: true };
    expect(await linesOf(503)).toEqual([['Requests: Server 5xx', 'Requests: Server mcp 5xx']]);
  });

  test('do not tell tools apart where the settings say so', async () => {
    settings.countedBy = { endpoint: true, tool: false };
    expect(await linesOf(200, ['denied'])).toEqual([['Requests: Server mcp 2xx', 'ToolCalls: Server denied']]);
  });
});
