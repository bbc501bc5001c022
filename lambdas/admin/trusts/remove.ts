import { removeTrust as removeStored } from '#core/store/trusts.ts';
import { adminChange, type Operation, overtaken } from '../operation.ts';
import { requireTrust } from './known-trust.ts';

/** Removes a trust. What came of it counts no longer, from the next call on. */
export async function removeTrust(operation: Operation): Promise<object> {
  const trust = await requireTrust(operation);
  const isRemoved = await removeStored(trust, adminChange(operation, `${trust.id} in ${trust.tenant}`));
  if (!isRemoved) throw overtaken(trust.id);
  return { id: trust.tenant, trust: trust.id };
}
