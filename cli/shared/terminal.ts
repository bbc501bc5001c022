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
  /** Says what goes on, beside the output. */
  readonly tell: (text: string) => void;
};

/** The terminal of this process. */
export const terminal: Terminal = {
  print: (text) => void process.stdout.write(`${printable(text)}\n`),
  tell: (text) => void process.stderr.write(`${printable(text)}\n`),
};
