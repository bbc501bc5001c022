import { computingMilliseconds } from '#generated';
import { OutOfTime } from '#tools/define-tool.ts';

/** How long a request may compute. A process handles one request at a time, so what it computes is computed for that one. */
export class ComputingTime {
  readonly #before = process.cpuUsage();
  #isOver = false;

  /** True if the request was ended because of it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Throws when the request has computed as long as one may, or was aborted. */
  requireLeft(signal: AbortSignal): void {
    const { user, system } = process.cpuUsage(this.#before);
    this.#isOver ||= signal.aborted || (user + system) / 1_000 > computingMilliseconds;
    if (this.#isOver) throw new OutOfTime();
  }
}
