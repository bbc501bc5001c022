import type { Request } from '#core/http/request.ts';
import { networkOf } from '#core/http/source.ts';
import { record } from '#core/record.ts';
import { audited } from '#core/store/audit.ts';
import { hidden } from '#core/store/hidden.ts';
import type { SignIn } from '#core/store/sign-ins.ts';

/**
 * Records what somebody did who has shown nothing yet, in the tenant that the address leads to. The limits of mails and
 * of wrong codes bound how often.
 */
export async function recordUnproven(
  event: 'code_mailed' | 'wrong_code',
  { address = '', tenant, request: { clientId } }: SignIn,
  request: Request,
): Promise<void> {
  const known = {
    clientId,
    address: await hidden('address', address),
    network: await hidden('network', networkOf(request)),
  };
  const principal = { subject: known.address, tenant: tenant ?? 'public' };
  await record([audited(principal, { event, ...known }, request.nowMilliseconds)]);
}
