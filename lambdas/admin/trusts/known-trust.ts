import * as z from 'zod/mini';
import { type ListedTrust, trustsOf } from '#core/store/trusts.ts';
import { tenantId } from '../inputs.ts';
import { type Operation, parsed, refused } from '../operation.ts';

const trustId = z
  .string('Which trust? Give its id')
  .check(z.regex(/^[A-Za-z0-9]{1,40}$/, 'The id of a trust is letters and digits'));
const shape = z.strictObject({ id: tenantId, trust: trustId }, 'The input must be an object');

/** The trust of a tenant that is asked for. Throws a refusal when the tenant has none such. */
export async function requireTrust({ input, now }: Operation): Promise<ListedTrust> {
  const { id, trust } = parsed(shape, input);
  const found = (await trustsOf(id, now, trust)).find((listed) => listed.id === trust);
  if (!found) throw refused(`${id} has no trust ${trust}: trusts list shows them`);
  return found;
}
