import * as z from 'zod/mini';
import { sha256 } from '#core/oauth/digest.ts';
import { addressLookup } from '#core/store/people.ts';
import { removeReviewer as removeStored } from '#core/store/reviewers.ts';
import { find } from '#core/store/table.ts';
import { address } from '../inputs.ts';
import { addressChange, type Operation, overtaken, parsed, refused } from '../operation.ts';
import { deletePerson } from '../people/delete.ts';

const shape = z.strictObject({ address }, 'The input must be an object');

/**
 * Takes a reviewer's password back, and closes the account that was used with it. First the account: while the address
 * leads to it, the command can be repeated.
 */
export async function removeReviewer(operation: Operation): Promise<object> {
  const { address } = parsed(shape, operation.input);
  const known = await find(addressLookup(sha256(address)), operation.now);
  if (!known?.reviewer) throw refused(`${address} is no reviewer's`);
  if (known.subject !== undefined) await deletePerson(operation);
  const given = { address, reviewer: known.reviewer };
  if (!(await removeStored(given, await addressChange(operation, address)))) throw overtaken(address);
  return { address, subject: known.subject };
}
