type Details = {
  /** The HTTP status. There is none when no whole answer came. */
  readonly status?: number;
  /** What else the answer says. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
};

/** The refusal of an AWS service under the name that it gives it, or why there was no whole answer. */
export class AwsError extends Error {
  readonly status: number | undefined;
  /** Private, so that a log of the error shows no stored item. */
  readonly #members: Readonly<Record<string, unknown>>;

  constructor(name: string, message: string, { status, members = {}, cause }: Details = {}) {
    super(message, { cause });
    this.name = name;
    this.status = status;
    this.#members = members;
  }

  /** The members of the error's type, such as `CancellationReasons`. */
  get members(): Readonly<Record<string, unknown>> {
    return this.#members;
  }

  /** True if the request was sound and the service could not serve it, or was not reached. */
  get isServerFault(): boolean {
    return this.status === undefined || this.status >= 500;
  }
}
