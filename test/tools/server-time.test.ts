import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Clock } from '../support/clock.ts';
import { callTool, outputOf } from '../support/mcp.ts';
import { connectTools, type ToolClient } from '../support/tool-client.ts';

const issuer = inject('issuer');

type Time = { readonly iso: string; readonly timeZone: string; readonly epochSeconds: number; readonly text: string };

let person: ToolClient;
beforeAll(async () => {
  person = await connectTools(issuer);
});
afterAll(() => person.close());

/** The hands of a clock in a time zone, read off in another way than the tool's. */
function clockIn(timeZone: string, epochSeconds: number): string {
  return new Date(epochSeconds * 1_000).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T');
}

describe('server_time', () => {
  test('gives the time in UTC unless asked for another time zone', async () => {
    const before = Math.floor(Date.now() / 1_000);
    const time = await person.run<Time>('server_time');
    expect(time.epochSeconds).toBeGreaterThanOrEqual(before);
    expect(time.epochSeconds).toBeLessThanOrEqual(Math.floor(Date.now() / 1_000));
    expect(time).toMatchObject({ timeZone: 'UTC', iso: expect.stringMatching(/\+00:00$/) });
    expect(Date.parse(time.iso)).toBe(time.epochSeconds * 1_000);
    expect(time.text).toMatch(/^\w+day, \d{1,2} \w+ \d{4} at \d\d:\d\d:\d\d UTC$/);
  });

  test.for([
    'Europe/Berlin',
    'America/New_York',
    'America/St_Johns',
    'Asia/Kolkata',
    'Pacific/Chatham',
    'Etc/GMT+12',
    'Pacific/Kiritimati',
    'UTC',
  ])('gives the same moment in %s', async (timeZone) => {
    const { iso, epochSeconds, text, ...rest } = await person.run<Time>('server_time', { timeZone });
    expect(rest).toEqual({ timeZone });
    expect(iso).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
    expect(Date.parse(iso)).toBe(epochSeconds * 1_000);
    expect(iso.slice(0, 19)).toBe(clockIn(timeZone, epochSeconds));
    expect(text).toContain(iso.slice(11, 19));
  });

  test('takes the time from the request, and the offset from its day', async () => {
    const { access_token } = person.tokens;
    const halfAnHour = new Clock();
    halfAnHour.advance(1_800);
    const [now, later] = await Promise.all(
      [{}, halfAnHour.headers].map(async (headers) =>
        outputOf(await callTool(issuer, access_token, 'server_time', {}, headers)),
      ),
    );
    const ahead = Number(later?.epochSeconds) - Number(now?.epochSeconds);
    expect(Math.abs(ahead - 1_800)).toBeLessThan(60);
  });

  test.for(['Mars/Phobos', 'CET+1', '+02:00', '-05:00', '', 'Europe/Berlin ', '../UTC', 'utc\u0000'])(
    'knows no time zone %j, and names some that there are',
    async (timeZone) => {
      expect(await person.refuse('server_time', { timeZone })).toBe(
        `There is no time zone ${JSON.stringify(timeZone)}. Use an IANA name, such as Europe/Berlin or America/New_York.`,
      );
    },
  );

  test.for<[string, object]>([
    ['timeZone', { timeZone: 'x'.repeat(65) }],
    ['timeZone', { timeZone: 1 }],
    ['format', { format: 'iso' }],
  ])('refuses, naming %s: %j', async ([part, input]) => {
    expect(await person.refuse('server_time', input)).toContain(part);
  });
});
