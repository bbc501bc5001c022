import * as z from 'zod';
import { defineTool } from '../define-tool.ts';
import { clockIn, formatterIn, offsetIn, timeZone as zoneShape } from '../time-zone.ts';

export default defineTool({
  name: 'server_time',
  title: 'Server time',
  description:
    'Tells the current time, in UTC or in any time zone. Use the person’s own to find out what day it is for them.',
  scope: 'everyday:use',
  bounded: true,
  input: z.strictObject({
    timeZone: zoneShape.describe('An IANA time zone, such as Europe/Berlin'),
  }),
  output: z.object({
    iso: z.string().describe('ISO 8601, with the offset of the time zone'),
    timeZone: z.string(),
    epochSeconds: z.int().describe('Seconds since 1970 in UTC'),
    text: z.string().describe('The same moment in words'),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  run: ({ timeZone }, { now }) => ({
    iso: clockIn(timeZone, now * 1_000) + offsetIn(timeZone, now * 1_000),
    timeZone,
    epochSeconds: now,
    text: formatterIn(timeZone, { dateStyle: 'full', timeStyle: 'long' }).format(now * 1_000),
  }),
});
