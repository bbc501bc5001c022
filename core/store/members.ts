import type { Role } from '#core/oauth/permission.ts';
import { type Key, query } from './table.ts';

/** A member as the list of a tenant has them. The subject is known once they have signed in. */
export type Member = {
  readonly address: string;
  readonly role: Role;
  readonly subject?: string;
  readonly since: number;
};

/** Where a member stands in the list of a tenant's members. What counts stands with their address and person. */
export function memberKey(tenant: string, addressHash: string): Key {
  return { pk: `TENANT#${tenant}`, sk: `MEMBER#${addressHash}` };
}

/** A page of the list of a tenant's members, and where the next page starts, if there is one. */
export async function membersOf(
  tenant: string,
  { after, most }: { readonly after?: string | undefined; readonly most: number },
): Promise<{ readonly members: readonly Member[]; readonly next: string | undefined }> {
  const { items, next } = await query<Member & Key>(`TENANT#${tenant}`, { after, most });
  return { members: items.filter(({ sk }) => sk.startsWith('MEMBER#')), next };
}
