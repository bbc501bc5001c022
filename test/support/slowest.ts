import { performance } from 'node:perf_hooks';

const KEPT = 3;
const TIMES = 5;

type Slow = { readonly milliseconds: number; readonly again: () => Promise<unknown>; readonly what: string };

/**
 * The slowest answers of each endpoint. While many requests are under way they also wait for one another, so the slowest
 * are asked for again, one by one, and of those times the shortest counts.
 */
export class Slowest {
  readonly #kept = new Map<string, Slow[]>();
  readonly #requests = new Map<string, number>();

  /** Takes the time of a request, which can be made again. */
  async time<T>(endpoint: string, what: string, again: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const answer = await again();
    this.#requests.set(endpoint, (this.#requests.get(endpoint) ?? 0) + 1);
    const slow = { milliseconds: performance.now() - begun, again, what };
    const kept = [...(this.#kept.get(endpoint) ?? []), slow];
    this.#kept.set(endpoint, kept.sort((one, other) => other.milliseconds - one.milliseconds).slice(0, KEPT));
    return answer;
  }

  /** A line for each endpoint: how many requests it had, how long the slowest answer takes, and to what. */
  async report(): Promise<string> {
    const lines = [];
    for (const [endpoint, kept] of [...this.#kept].sort(([one], [other]) => one.localeCompare(other))) {
      const measured = [];
      for (const slow of kept) measured.push({ ...slow, alone: await shortest(slow.again) });
      const [worst] = measured.sort((one, other) => other.alone - one.alone);
      const requests = this.#requests.get(endpoint);
      lines.push(`${endpoint} | ${requests} | ${worst?.alone.toFixed(1)} ms | ${worst?.what}`);
    }
    return lines.join('\n');
  }
}

async function shortest(work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < TIMES; time += 1) {
    const begun = performance.now();
    await work();
    least = Math.min(least, performance.now() - begun);
  }
  return least;
}
