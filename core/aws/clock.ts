/** A signature that is five minutes off is refused. A clock that is nearly that wrong is corrected. */
const TOLERATED_MILLISECONDS = 240_000;

/**
 * The time of a service. It is this machine's until the service shows that it is wrong: the one place in the Lambdas that
 * asks the machine, because a signature is as old as the moment at which it is made, not as the request that led to it.
 */
export class Clock {
  #offset = 0;

  now(): number {
    return Date.now() + this.#offset;
  }

  /**
   * Takes over the time of an answer if the time between question and answer is far from it. True if it was.
   * A process that was suspended in between is not mistaken for a wrong clock.
   */
  correct(serverTime: number, sentAt: number): boolean {
    const receivedAt = this.now();
    const nearest = Math.min(Math.max(serverTime, sentAt), receivedAt);
    const difference = serverTime - nearest;
    if (Number.isNaN(difference) || Math.abs(difference) < TOLERATED_MILLISECONDS) return false;
    this.#offset += serverTime - receivedAt;
    return true;
  }
}
