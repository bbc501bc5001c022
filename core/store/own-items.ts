import { personalTenant } from '#core/oauth/tenant.ts';
import type { Principal } from '#core/oauth/types.ts';
import { personalItems, tenantItems } from '#generated';

/** A partition in which tools keep what is one person's own. */
export type OwnPartition = { readonly pk: string; readonly prefix: string; readonly tenant: string };

/**
 * The partitions that are a person's own: what tools keep for them in their tenant, and all that is in a tenant which
 * they are alone. What they share in an organization is its own.
 */
export function ownPartitions({ subject, tenant }: Principal): readonly OwnPartition[] {
  const alone = personalTenant(subject);
  const ofPerson = [...new Set([tenant, alone])].flatMap((tenant) =>
    personalItems.map((prefix) => ({ pk: `${prefix}${tenant}#${subject}`, prefix, tenant })),
  );
  return [...ofPerson, ...tenantItems.map((prefix) => ({ pk: `${prefix}${alone}`, prefix, tenant: alone }))];
}
