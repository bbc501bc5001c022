/** What a Lambda with a server of others in it is asked. */
export type HostedCall = {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The time of the request that led to it. */
  readonly now: number;
};

/** Why there is no result, in the words between the Lambdas. */
export type HostedFault =
  /** It could not be started. */
  | 'absent'
  /** It ended, or closed its output, before it had answered. */
  | 'ended'
  /** It took too long, and was ended. */
  | 'slow'
  /** It answered with more than anybody could read, and was ended. */
  | 'large'
  /** It answered with an error of the protocol. */
  | 'refused'
  /** Its answer is not a result of a tool. */
  | 'unreadable'
  /** A secret that it needs is not there. */
  | 'unset';

/** What it answers. The result is what the server said, and has been looked at for no more than its form. */
export type HostedAnswer = { readonly result: unknown } | { readonly fault: HostedFault; readonly detail?: string };
