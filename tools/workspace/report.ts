import { MOST_CHARACTERS } from '../answer-size.ts';
import type { Call } from '../define-tool.ts';
import type { Days } from './audit-report.ts';
import type { People } from './people.ts';
import { type Cells, type Format, forms } from './report-lines.ts';

/** What an item of the audit trail must be to stand in a report. */
export type Filter = {
  readonly event?: string | undefined;
  readonly tool?: string | undefined;
  readonly outcome?: string | undefined;
};

/** What a report is to be of. */
export type Order = {
  readonly format: Format;
  readonly people: People;
  /** Of which an audit report has the trail. */
  readonly days: Days;
  readonly filter: Filter;
  /** Where the part before this one ended, as that part says. */
  readonly after: string | undefined;
  readonly call: Call;
};

/** A part of a report as it fills up with rows, as far as an answer has room for them. */
export class Report {
  readonly #line: (cells: Cells) => string;
  readonly #lines: string[] = [];
  readonly #head: string;
  #characters = 0;
  #end: string | undefined;
  #isComplete = true;

  constructor(format: Format, columns: Cells) {
    const { head, line } = forms[format];
    this.#line = line;
    this.#head = head(columns);
    this.#characters = JSON.stringify(this.#head).length;
  }

  /** Adds a row that stands at a place. Where there is no room for it, this part ends before it. True if it goes on. */
  add(cells: Cells, place: string): boolean {
    if (!this.#isComplete) return false;
    const line = this.#line(cells);
    const characters = JSON.stringify(line).length;
    if (this.#lines.length > 0 && this.#characters + characters > MOST_CHARACTERS) return this.endEarly();
    this.#lines.push(line);
    this.#characters += characters;
    this.pass(place);
    return true;
  }

  /** What comes up to here is in this part, or belongs in none. */
  pass(place: string): void {
    if (this.#isComplete) this.#end = place;
  }

  /** Takes no more rows, although there are more. */
  endEarly(): false {
    this.#isComplete = false;
    return false;
  }

  /** Where the next part goes on, if there is one. */
  get next(): string | undefined {
    return this.#isComplete ? undefined : this.#end;
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
