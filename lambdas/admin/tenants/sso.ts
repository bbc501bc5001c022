import * as z from 'zod/mini';
import { requireProviderFor } from '#core/store/domains.ts';
import { partsOf, replacePolicy } from '#core/store/operator-tenants.ts';
import { providers } from '#generated';
import { tenantId } from '../inputs.ts';
import { adminChange, type Operation, overtaken, parsed, refused } from '../operation.ts';
import { requireTenant } from './known-tenant.ts';

const shape = z.strictObject(
  { id: tenantId, provider: z.nullable(z.string('Which provider? Give the id that the settings give it')) },
  'The input must be an object',
);

/**
 * Says through which provider a tenant's people must sign in, or null: that any way serves again. The tenant's rule counts
 * at once; its domains, which send people there as they type their address, follow. What was cut short is finished by
 * saying it again.
 */
export async function requireSso(operation: Operation): Promise<object> {
  const { id, provider } = parsed(shape, operation.input);
  requireKnown(provider);
  const tenant = await requireTenant(id, operation.now);
  const rule = { ...tenant, provider: provider ?? undefined };
  const audit = adminChange({ ...operation, command: `${operation.command} ${provider ?? 'off'}` }, id);
  if (!(await replacePolicy(tenant, rule, audit))) throw overtaken(id);
  const domains: string[] = [];
  let after: string | undefined;
  do {
    const page = await partsOf(id, after);
    if (!(await requireProviderFor(page.domains, { id, ...(provider !== null && { provider }) }))) throw overtaken(id);
    domains.push(...page.domains);
    after = page.next;
  } while (after !== undefined);
  return { id, sign_in_through: provider ?? undefined, domains };
}

function requireKnown(provider: string | null): void {
  const ids = providers.map((one) => one.id);
  if (provider === null || ids.includes(provider)) return;
  const which = ids.length > 0 ? `they name ${ids.join(', ')}` : 'they name none';
  throw refused(`There is no provider ${provider} in the settings: ${which}`);
}
