import * as z from 'zod';
import { defineTool, ToolError } from '../define-tool.ts';

export default defineTool({
  name: 'server_time',
  title: 'Server time',
  description: 'Says what time it is now, in UTC or in any time zone.',
  scope: 'everyday:use',
  input: z.strictObject({
    timeZone: z.string().max(64).default('UTC').describe('An IANA time zone, such as Europe/Berlin'),
  }),
  output: z.object({
    iso: z.string().describe('ISO 8601, with the offset of the time zone'),
    timeZone: z.string(),
    epochSeconds: z.int().describe('Seconds since 1970 in UTC'),
    text: z.string().describe('The same moment in words'),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  run: ({ timeZone }, { now }) => ({
    iso: isoTime(now, timeZone),
    timeZone,
    epochSeconds: now,
    text: formatter(timeZone, { dateStyle: 'full', timeStyle: 'long' }).format(now * 1_000),
  }),
});

/** Intl takes offsets for time zones too, but they know no summer time, so nobody is to get used to them. */
function formatter(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    if (/^[+-]/.test(timeZone)) throw new RangeError('An offset is no time zone');
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ToolError(
      `There is no time zone ${JSON.stringify(timeZone)}. Use an IANA name, such as Europe/Berlin or America/New_York.`,
    );
  }
}

/** The clock of a time zone is ahead of UTC by as much as its midnight comes earlier. */
function isoTime(now: number, timeZone: string): string {
  const parts = formatter(timeZone, { timeZoneName: 'longOffset' }).formatToParts(now * 1_000);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const offset = /[+-]\d\d:\d\d$/.exec(name)?.[0] ?? '+00:00';
  const local = now * 1_000 - Date.parse(`1970-01-01T00:00:00${offset}`);
  return `${new Date(local).toISOString().slice(0, 19)}${offset}`;
}
