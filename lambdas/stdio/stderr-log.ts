import type { Readable } from 'node:stream';
import { withoutAddresses } from '#core/http/without-addresses.ts';

const [MOST_LINES, LONGEST_LINE, LONGEST_KEPT] = [50, 1_000, 16_000];

/** What a server writes to its standard error, as lines of this Lambda's log: so many for each call, and no secrets. */
export class StderrLog {
  readonly #server: string;
  readonly #secrets: readonly string[];
  #left = MOST_LINES;
  #begun = '';

  constructor(server: string, secrets: readonly string[]) {
    this.#server = server;
    this.#secrets = secrets.flatMap((secret) => secret.split(/\r?\n/)).filter((line) => line !== '');
  }

  follow(stream: Readable): void {
    stream.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${this.#begun}${text}`.split('\n');
      this.#begun = lines.pop() ?? '';
      // A line without an end is not waited for.
      if (this.#begun.length > LONGEST_KEPT) lines.push(this.#begun);
      if (this.#begun.length > LONGEST_KEPT) this.#begun = '';
      for (const line of lines) this.#write(line);
    });
  }

  /** Another call may say as much again. */
  begin(): void {
    this.#left = MOST_LINES;
  }

  /** A text without addresses and secrets, of a length that a log can have. */
  shown(text: string): string {
    const open = this.#secrets.reduce((line, secret) => line.replaceAll(secret, '(a secret)'), text);
    return withoutAddresses(open.slice(0, LONGEST_LINE));
  }

  #write(line: string): void {
    if (this.#left < 0) return;
    this.#left -= 1;
    const shown = this.#left < 0 ? '(more was left out)' : this.shown(line);
    console.warn({ server: this.#server, stderr: shown });
  }
}
