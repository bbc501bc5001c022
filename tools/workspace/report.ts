import type { Call } from '../define-tool.ts';
import type { People } from './people.ts';
import { type Cells, type Format, forms } from './report-lines.ts';

/** A Lambda's answer may have 6 MB. The report is JSON in it, within JSON, which takes at most twice what is counted here. */
const MOST_BYTES = 900_000;

/** What a report is to be of. */
export type Order = {
  readonly format: Format;
  readonly people: People;
  /** Of which an audit report has the trail, as YYYY-MM-DD. */
  readonly days: readonly string[];
  readonly call: Call;
};

/** A report as it fills up with rows, below 1 MB. */
export class Report {
  readonly #line: (cells: Cells) => string;
  readonly #lines: string[] = [];
  readonly #head: string;
  #bytes = 0;
  #isComplete = true;

  constructor(format: Format, columns: Cells) {
    const { head, line } = forms[format];
    this.#head = head(columns);
    this.#line = line;
  }

  /** Adds a row. Where there is no room for it, the report ends early. Says whether it goes on. */
  add(cells: Cells): boolean {
    if (!this.#isComplete) return false;
    const line = this.#line(cells);
    const bytes = Buffer.byteLength(JSON.stringify(line));
    if (this.#bytes + bytes > MOST_BYTES) return this.endEarly();
    this.#lines.push(line);
    this.#bytes += bytes;
    return true;
  }

  /** Takes no more rows, although there are more. */
  endEarly(): false {
    this.#isComplete = false;
    return false;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  get rows(): number {
    return this.#lines.length;
  }

  get text(): string {
    return `${this.#head}${this.#lines.join('')}`;
  }
}
