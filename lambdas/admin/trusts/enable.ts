import { readIssuerKeys } from '#core/issuer-keys.ts';
import { claimIssuerKeys, keepIssuerKeys, setTrusted } from '#core/store/trusts.ts';
import { adminChange, type Operation, refused } from '../operation.ts';
import { described } from './described.ts';
import { requireTrust } from './known-trust.ts';

/** Lets a trust count, if the issuer's keys can be read now. */
export async function enableTrust(operation: Operation): Promise<object> {
  const trust = await requireTrust(operation);
  const found = await readIssuerKeys(trust);
  if ('reason' in found) throw refused(`The keys of ${trust.issuer} cannot be used: ${found.reason}`);
  if (!(await setTrusted(trust.id, undefined, adminChange(operation, `${trust.id} in ${trust.tenant}`))))
    throw refused(`${trust.id} is not disabled`);
  if (await claimIssuerKeys(trust, operation.now, 0)) await keepIssuerKeys(trust, found.keys, operation.now);
  return { ...described({ ...trust, disabledAt: undefined }), keys: found.keys.keys.length };
}

/** Lets a trust count no longer, from the next call on. */
export async function disableTrust(operation: Operation): Promise<object> {
  const trust = await requireTrust(operation);
  if (!(await setTrusted(trust.id, operation.now, adminChange(operation, `${trust.id} in ${trust.tenant}`))))
    throw refused(`${trust.id} is disabled already`);
  return described({ ...trust, disabledAt: operation.now });
}
