import type { Request } from '#core/http/request.ts';
import { networkOf } from '#core/http/source.ts';
import { audited } from '#core/store/audit.ts';
import { hidden } from '#core/store/hidden.ts';
import type { Write } from '#core/store/table.ts';

/** The audit item for what a client did with its registration, to be written with it. There is no person yet. */
export async function auditedRegistration(
  event: 'registration' | 'registration_change' | 'registration_removal',
  clientId: string,
  request: Request,
): Promise<Write> {
  const network = await hidden('network', networkOf(request));
  return audited({ subject: clientId, tenant: 'public' }, { event, clientId, network }, request.nowMilliseconds);
}
