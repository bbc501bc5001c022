/** More than the hour for which an access token lives. */
export const moreThanAnHour = 3_700;

/** Seconds until a minute that begins later, so that all calls of a test fall into one. */
export function untilFreshMinute(): number {
  return 60 - (Math.floor(Date.now() / 1_000) % 60) + 60;
}

/** The clock that a client's requests let the local server see: its own, and so much ahead. */
export class Clock {
  #aheadSeconds = 0;

  get aheadSeconds(): number {
    return this.#aheadSeconds;
  }

  get headers(): Readonly<Record<string, string>> {
    return { 'x-local-clock-offset': String(this.#aheadSeconds) };
  }

  /** Lets time pass without waiting. */
  advance(seconds: number): void {
    this.#aheadSeconds += seconds;
  }

  /** `fetch`, at the time of this clock. */
  readonly fetch = (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(this.headers)) headers.set(name, value);
    return fetch(input, { ...init, headers });
  };
}
