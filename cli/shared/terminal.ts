/** A text on one line. What a server sends may not steer the terminal. */
export function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
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
  print: (text) => void process.stdout.write(`${text}\n`),
  tell: (text) => void process.stderr.write(`${text}\n`),
};
