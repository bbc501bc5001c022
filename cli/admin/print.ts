import { oneLine } from '../shared/terminal.ts';
import type { Answer } from './command.ts';

/** What is known of one thing, a line for each of its members. Names come from clients, and may not steer the terminal. */
export function shownMembers(members: Answer): string {
  const shown = Object.entries(members).flatMap(([name, value]) =>
    lines(value).map((line, at) => [at ? '' : name, line]),
  );
  const width = Math.max(0, ...shown.map(([name = '']) => name.length));
  return shown.map(([name = '', line]) => `  ${name.padEnd(width)}  ${line}`).join('\n');
}

/** Many things in columns, with the names of their members above. */
export function shownTable(rows: readonly Answer[], columns: readonly string[]): string {
  const cells = [columns, ...rows.map((row) => columns.map((column) => lines(row[column] ?? '')[0] ?? ''))];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function lines(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(lines);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return [oneLine(text)];
}
