/** Numbers that look random and are the same in every run with the same seed. */
export class Generator {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to, but not including, the limit. mulberry32. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  /** One of these. */
  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error('There is nothing to choose from');
    return choice;
  }

  /** So many bytes. */
  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  /** A text of characters that have broken something before. */
  text(): string {
    const awkward = [
      '#',
      '|',
      '"',
      "'",
      '\\',
      '\0',
      '\n',
      '%',
      '&',
      '=',
      '+',
      ' ',
      '{',
      '}',
      '$',
      '.',
      '/',
      '~',
      '\u202e',
      'é',
      '漢',
      '😀',
      '\ufeff',
      'a',
      'Z',
      '0',
      '-',
    ];
    return Array.from({ length: this.below(60) }, () => this.pick(awkward)).join('');
  }

  /** A JSON value with members inside one another. */
  json(depth = 4): unknown {
    const kind = this.below(depth > 0 ? 9 : 6);
    if (kind === 0) return this.text();
    if (kind === 1) return this.below(2 ** 31) - 2 ** 30;
    if (kind === 2) return null;
    if (kind === 3) return this.below(2) === 0;
    if (kind === 4) return this.pick([1e308, -0, 0.1, Number.MAX_SAFE_INTEGER]);
    if (kind === 5) return this.pick(['tools/call', 'tools/list', 'create_todo', '2.0', 'whoami', '\ud800', '']);
    if (kind === 6) return Array.from({ length: this.below(4) }, () => this.json(depth - 1));
    const names = [
      'jsonrpc',
      'id',
      'method',
      'params',
      'name',
      'arguments',
      '_meta',
      '__proto__',
      'constructor',
      'toString',
      'title',
      this.text(),
    ];
    return Object.fromEntries(Array.from({ length: this.below(6) }, () => [this.pick(names), this.json(depth - 1)]));
  }
}
