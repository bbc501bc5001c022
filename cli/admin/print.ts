import { padded, widthOf, wrapped } from '../shared/layout.ts';
import { columnsOf, oneLine } from '../shared/terminal.ts';
import type { Answer } from './command.ts';

const GAP = '  ';

/** What is known of one thing, a line for each of its members. Names come from clients, and may not steer the terminal. */
export function shownMembers(members: Answer): string {
  const shown = Object.entries(members).map(([name, value]) => ({ name, values: lines(value) }));
  const width = Math.max(0, ...shown.map(({ name }) => name.length));
  const room = columnsOf(process.stdout) - width - 2 * GAP.length;
  return shown
    .flatMap(({ name, values }) =>
      values.flatMap((line) => wrapped(line, room)).map((line, at) => [at === 0 ? name : '', line] as const),
    )
    .map(([name, line]) => `${GAP}${name.padEnd(width)}${GAP}${line}`)
    .join('\n');
}

/**
 * Many things in columns, with the names of their members above. Where the terminal is too narrow for that, one below
 * the other: an id that is cut short can't be copied.
 */
export function shownTable(rows: readonly Answer[], columns: readonly string[]): string {
  const cells = [columns, ...rows.map((row) => columns.map((column) => lines(row[column] ?? '').join(', ')))];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => widthOf(row[at] ?? ''))));
  const whole = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
  if (whole > columnsOf(process.stdout)) return rows.map((row) => shownMembers(picked(row, columns))).join('\n\n');
  return cells.map((row) => shownRow(row, widths)).join('\n');
}

function shownRow(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, at) => padded(cell, widths[at] ?? 0))
    .join(GAP)
    .trimEnd();
}

function picked(row: Answer, columns: readonly string[]): Answer {
  return Object.fromEntries(columns.filter((name) => row[name] !== undefined).map((name) => [name, row[name]]));
}

function lines(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(lines);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return [shownTime(oneLine(text))];
}

/** A time without its milliseconds, which no second-based time has. */
function shownTime(text: string): string {
  return text.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.000Z$/, '$1Z');
}
