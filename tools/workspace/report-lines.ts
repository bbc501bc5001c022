/** A row of a report. */
export type Cells = readonly string[];

/** How a report is written. */
type Form = {
  readonly mimeType: string;
  readonly extension: string;
  readonly head: (columns: Cells) => string;
  readonly line: (cells: Cells) => string;
};

/** The formats that a report may have. */
export const forms = {
  csv: { mimeType: 'text/csv', extension: 'csv', head: csvLine, line: csvLine },
  markdown: { mimeType: 'text/markdown', extension: 'md', head: markdownHead, line: markdownLine },
} as const satisfies Record<string, Form>;

export type Format = keyof typeof forms;

/**
 * How a cell begins that a spreadsheet computes, and some that lose their first character when they are read. Wide, small,
 * raised and lowered forms of a sign count as the sign, which is what some programs make of them.
 */
const COMPUTED =
  /^[\s\p{Cc}\p{Cf}"']*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B\u2212\u207A-\u207C\u208A-\u208C]|^[\t\r\n]/u;
/**
 * The same after whatever a spreadsheet may be told to take for the end of a cell, or takes in its country. It looks back
 * only from a sign: from each space in a row of them, that would take long.
 */
const COMPUTED_WITHIN =
  /[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B\u2212\u207A-\u207C\u208A-\u208C](?<=[,;|\t\n\v\f\r\u0085\u2028\u2029][\s\p{Cc}\p{Cf}"']*.)/gu;

/** A cell of which a spreadsheet computes nothing, however it parts the line: an apostrophe stands before. OWASP, CSV Injection. */
function inert(cell: string): string {
  const within = cell.replaceAll(COMPUTED_WITHIN, "'$&");
  return COMPUTED.test(cell) ? `'${within}` : within;
}

/** A line of CSV, RFC 4180 §2. */
function csvLine(cells: Cells): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: string): string {
  const text = inert(cell);
  return text === cell && !/[",\r\n]/.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
}

/** The first two lines of a table in GitHub's Markdown. GFM §4.10. */
function markdownHead(columns: Cells): string {
  return `${markdownLine(columns)}|${' --- |'.repeat(columns.length)}\n`;
}

/** A cell ends at a bar or a new line; what else has a meaning would show a picture, a link or a tag. GFM §2.4, §4.10. */
function markdownLine(cells: Cells): string {
  return `| ${cells.map(markdownCell).join(' | ')} |\n`;
}

function markdownCell(cell: string): string {
  return inert(cell)
    .replaceAll(/[\\|`*_~[\]<>&!$]/g, '\\$&')
    .replaceAll(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/g, '<br>');
}
