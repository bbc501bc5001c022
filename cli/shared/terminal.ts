import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** A text on one line. What a server sends may not steer the terminal. */
export function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}

/** What steers a terminal, or turns the text around. Lines and tabs stay. */
const STEERING = /[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/gu;

/** A text as it is printed. Servers choose much of what is: none of it may move the cursor, rename the window or hide. */
export function printable(text: string): string {
  return text.replaceAll(STEERING, '\uFFFD');
}

/** Where a program speaks. */
export type Terminal = {
  /** Prints what was asked for. */
  readonly print: (text: string) => void;
  /** Reports progress, apart from the output. */
  readonly tell: (text: string) => void;
  /** Asks the person, and gives what they typed: nothing if they closed the input. Left out where nobody can answer. */
  readonly question?: (text: string) => Promise<string>;
};

/** The terminal of this process. */
export const terminal: Terminal = {
  print: (text) => void process.stdout.write(`${printable(text)}\n`),
  tell: (text) => void process.stderr.write(`${printable(text)}\n`),
  ...(process.stdin.isTTY && process.stderr.isTTY ? { question } : {}),
};

async function question(text: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const closed = once(lines, 'close').then(() => '');
  try {
    return await Promise.race([lines.question(printable(text)), closed]);
  } finally {
    lines.close();
  }
}

const [LEAST_COLUMNS, NO_END] = [40, Number.POSITIVE_INFINITY];

/** How many columns there are to print to. What goes to a program or a file is as wide as it is. */
export function columnsOf(stream: { readonly columns?: number }, environment = process.env): number {
  const columns = Number(environment.COLUMNS) || stream.columns || NO_END;
  return Math.max(LEAST_COLUMNS, columns);
}
