import { readFileSync } from 'node:fs';
import { familyOf, nameOf } from '../processor-time.ts';

const EIGHTHS = 8;
const SAMPLES_OF_EIGHTH = 5;
/** What a process may still grow from its third and fourth eighth to its last: in part of itself, and in MB. */
const growth = { ratio: 1.25, megabytes: 40 };

/** The memory of a process: means of eighths of the time, in MB. */
export type Sampled = { readonly name: string; readonly eighths: readonly number[] };

/** Looks at the memory of the processes that this one has started, again and again. */
export class Memory {
  readonly #samples = new Map<
    number,
    { readonly name: string; readonly at: { eighth: number; megabytes: number }[] }
  >();
  readonly #timer: NodeJS.Timeout;
  #count = 0;

  constructor(seconds: number) {
    this.#timer = setInterval(() => this.#sample(), (seconds * 1_000) / (EIGHTHS * SAMPLES_OF_EIGHTH));
  }

  /** Stops looking, and gives what it saw of processes that were there for half of the time or more. */
  stop(): readonly Sampled[] {
    clearInterval(this.#timer);
    const all = [...this.#samples.values()].map(({ name, at }) => ({ name, eighths: means(at) }));
    return all
      .filter(({ eighths }) => eighths.length > EIGHTHS / 2)
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  #sample(): void {
    const eighth = Math.min(EIGHTHS - 1, Math.floor(this.#count / SAMPLES_OF_EIGHTH));
    this.#count += 1;
    for (const pid of familyOf(process.pid)) {
      const megabytes = residentOf(pid);
      if (pid === process.pid || megabytes === undefined) continue;
      const known = this.#samples.get(pid) ?? { name: nameOf(pid), at: [] };
      known.at.push({ eighth, megabytes });
      this.#samples.set(pid, known);
    }
  }
}

/** A sentence for each process whose memory was not flat at the end. */
export function growing(samples: readonly Sampled[]): readonly string[] {
  return samples.flatMap(({ name, eighths }) => {
    const [last = 0, settled = 0] = [eighths.at(-1), Math.max(...eighths.slice(2, 4))];
    const isFlat = last <= Math.max(settled * growth.ratio, settled + growth.megabytes);
    return isFlat ? [] : [`The memory of ${name} grew from ${settled} to ${last} MB.`];
  });
}

function means(at: readonly { readonly eighth: number; readonly megabytes: number }[]): number[] {
  const eighths = Map.groupBy(at, ({ eighth }) => eighth);
  return [...eighths.values()].map((all) =>
    Math.round(all.reduce((sum, { megabytes }) => sum + megabytes, 0) / all.length),
  );
}

function residentOf(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
  } catch {
    return undefined;
  }
}
