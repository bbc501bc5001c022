/** How a Lambda's time is worked out from what a request takes of the processor here. */
const assumed = {
  /** With so much memory a Lambda has one processor, with less its share of one. Lambda developer guide, Memory. */
  megabytesOfOneProcessor: 1_769,
  /** Until DynamoDB has answered, KMS has signed, and SES has taken a mail. */
  tableMilliseconds: 4,
  keyMilliseconds: 15,
  mailMilliseconds: 50,
} as const;

/** The memory of the deployed Lambdas. */
export const megabytes = 512;

/** What a request waits for, one after the other. What is asked at the same time counts once. */
export type Waits = { readonly table: number; readonly keys: number; readonly mails: number };

/** The milliseconds that a Lambda is billed for: as if it never computed while it waits. */
export function billedMilliseconds(processor: number, waits: Waits, memory: number = megabytes): number {
  const share = Math.min(1, memory / assumed.megabytesOfOneProcessor);
  const waiting =
    waits.table * assumed.tableMilliseconds +
    waits.keys * assumed.keyMilliseconds +
    waits.mails * assumed.mailMilliseconds;
  return Math.ceil(processor / share + waiting);
}
