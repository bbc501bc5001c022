import { usage } from '../shared/usage.ts';

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** The time that an option names: so long ago, or a date or time, in UTC unless it says otherwise. Throws a usage failure. */
export function timeOf(option: string, source: string): string {
  const time = ago(source) ?? written(source);
  if (time !== undefined && !Number.isNaN(time)) return new Date(time).toISOString();
  throw usage(`--${option} must be a time, such as 2h, 3d or 2026-11-21T08:30; it is ${source}`);
}

function ago(source: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(source) ?? [];
  return count === undefined ? undefined : Date.now() - Number(count) * (units[unit] ?? 0) * 1_000;
}

function written(source: string): number | undefined {
  const [, time, zone] =
    /^(\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?)(Z|[+-]\d\d:\d\d)?$/.exec(source) ?? [];
  if (time === undefined) return undefined;
  return Date.parse(time.includes('T') ? `${time}${zone ?? 'Z'}` : time);
}
