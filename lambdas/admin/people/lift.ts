import * as z from 'zod/mini';
import { sha256 } from '#core/oauth/digest.ts';
import { liftSuppression as liftStored } from '#core/store/people.ts';
import { address } from '../inputs.ts';
import { addressChange, type Operation, overtaken, parsed, refused } from '../operation.ts';
import { requireAddress } from './known-person.ts';

const shape = z.strictObject({ address }, 'The input must be an object');

/** Lets mail go to an address again which no mail went to since it bounced or somebody complained. */
export async function liftSuppression(operation: Operation): Promise<object> {
  const { address } = parsed(shape, operation.input);
  const known = await requireAddress(address, operation.now);
  if (known.reviewer) throw refused(`${address} is a reviewer's, and gets no mail: reviewers remove ends that`);
  if (known.suppressedAt === undefined) throw refused(`Mail to ${address} is not suppressed`);
  if (!(await liftStored(sha256(address), operation.now, await addressChange(operation, address))))
    throw overtaken(address);
  return { address };
}
