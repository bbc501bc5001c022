/** A type of the AWS SDK as it is in JSON on the wire: bytes in Base64, times in seconds. */
export type Wire<T> = T extends Uint8Array
  ? string
  : T extends Date
    ? number
    : T extends object
      ? { [Member in keyof T]: Wire<T[Member]> }
      : T;

/** What a service answers, without what the SDK adds about the exchange. */
export type Answer<Output> = Wire<Omit<Output, '$metadata'>>;
