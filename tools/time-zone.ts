import * as z from 'zod';
import { ToolError } from './define-tool.ts';

const LONGEST = 64;

/** A time zone as tools take it. What is no zone shows when it is used. */
export const timeZone = z.string().max(LONGEST).default('UTC');

/**
 * A formatter for a time zone. Intl takes offsets for time zones too, but they know no summer time, so nobody is to get
 * used to them. Throws when there is no such zone.
 */
export function formatterIn(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    if (/^[+-]/.test(zone)) throw new RangeError('An offset is no time zone');
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const named = JSON.stringify(zone.slice(0, LONGEST));
    throw new ToolError(`There is no time zone ${named}. Use an IANA name, such as Europe/Berlin or America/New_York.`);
  }
}

/** How far the clock of a time zone is ahead of UTC at a moment, as +hh:mm. */
export function offsetIn(zone: string, milliseconds: number): string {
  const parts = formatterIn(zone, { timeZoneName: 'longOffset' }).formatToParts(milliseconds);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return /[+-]\d\d:\d\d$/.exec(name)?.[0] ?? '+00:00';
}

/** What the clock of a time zone shows at a moment, as YYYY-MM-DDThh:mm:ss: it is ahead as much as its midnight is earlier. */
export function clockIn(zone: string, milliseconds: number): string {
  const local = milliseconds - Date.parse(`1970-01-01T00:00:00${offsetIn(zone, milliseconds)}`);
  return new Date(local).toISOString().slice(0, 19);
}

/** The day that it is in a time zone, as YYYY-MM-DD. */
export function dayIn(zone: string, milliseconds: number): string {
  return clockIn(zone, milliseconds).slice(0, 10);
}

/** When a day begins in a time zone, also where the clock skips midnight. */
export function startOfDay(day: string, zone: string): number {
  const near = Date.parse(`${day}T00:00:00${offsetIn(zone, Date.parse(day))}`);
  return Date.parse(`${day}T00:00:00${offsetIn(zone, near)}`);
}

/** The time zones whose names have what has been typed, in any case. */
export function completeTimeZone(typed: string): readonly string[] {
  const part = typed.trim().toLowerCase().replaceAll(' ', '_');
  return ['UTC', ...Intl.supportedValuesOf('timeZone')].filter((zone) => zone.toLowerCase().includes(part));
}
