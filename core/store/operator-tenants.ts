import type { TenantPolicy } from '#generated';
import type { Member } from './members.ts';
import { ALWAYS, commit, type Key, query, type Write } from './table.ts';
import { policyCopies, type Tenant, tenantLookup } from './tenants.ts';

const LIST = 'OPERATOR#TENANTS';
const PAGE = 100;
const [DOMAIN, MEMBER, MACHINE, TRUST] = ['DOMAIN#', 'MEMBER#', 'MACHINE#', 'TRUST#'];

/** What the list of tenants says of each. None of it ever changes. */
export type ListedTenant = Pick<Tenant, 'id' | 'name' | 'createdAt'>;

/** Makes a tenant, and lists it. True if its id was free. */
export async function addTenant(tenant: ListedTenant, audit: Write): Promise<boolean> {
  const { id } = tenant;
  const { done } = await commit([
    { ...tenantLookup(id), put: { ...tenant, joins: 0 } },
    ...policyCopies(id).map((key) => ({ ...key, put: { id } })),
    { pk: LIST, sk: id, put: tenant },
    audit,
  ]);
  return done;
}

/** A page of the tenants in the order of their ids, and where the next page starts, if there is one. */
export function operatorTenants(after: string | undefined) {
  return query<ListedTenant>(LIST, { after, most: PAGE });
}

type Parts = {
  readonly domains: readonly string[];
  readonly members: readonly Member[];
  /** The ids of the clients that act for themselves in it. */
  readonly machines: readonly string[];
  /** The ids of its trusts. */
  readonly trusts: readonly string[];
  readonly next: string | undefined;
};

/** A page of the domains, members and machines of a tenant, and where the next page starts, if there is one. */
export async function partsOf(tenant: string, after: string | undefined): Promise<Parts> {
  const { items, next } = await query<Key & Member>(tenantLookup(tenant).pk, { after, most: PAGE });
  return {
    domains: items.flatMap(({ sk }) => (sk.startsWith(DOMAIN) ? sk.slice(DOMAIN.length) : [])),
    members: items.filter(({ sk }) => sk.startsWith(MEMBER)),
    machines: items.flatMap(({ sk }) => (sk.startsWith(MACHINE) ? sk.slice(MACHINE.length) : [])),
    trusts: items.flatMap(({ sk }) => (sk.startsWith(TRUST) ? sk.slice(TRUST.length) : [])),
    next,
  };
}

const restrictions = ['tools', 'scopes', 'calls', 'provider', 'dpop'] as const;

/** A policy that says of each restriction whether there is one. */
export type Restrictions = { readonly [R in (typeof restrictions)[number]]?: TenantPolicy[R] | undefined };

/** Replaces what a tenant's people may use. True if it was still what is known. */
export async function replacePolicy(known: Tenant, policy: Restrictions, audit: Write): Promise<boolean> {
  const given = restrictions.filter((name) => policy[name] !== undefined);
  const kept = given.map((name) => `#${name} = :${name}`);
  const lifted = restrictions.filter((name) => policy[name] === undefined).map((name) => `#${name}`);
  const unchanged = restrictions.map((name) =>
    known[name] === undefined ? `attribute_not_exists(#${name})` : `#${name} = :known_${name}`,
  );
  const values = restrictions.flatMap((name) => [
    [`:${name}`, policy[name]],
    [`:known_${name}`, known[name]],
  ]);
  const change = [`SET ${['id = :id', ...kept]}`, lifted.length > 0 && `REMOVE ${lifted}`].filter(Boolean).join(' ');
  const copied = {
    change,
    condition: ALWAYS,
    values: Object.fromEntries([[':id', known.id], ...given.map((name) => [`:${name}`, policy[name]])]),
  };
  const { done } = await commit([
    ...policyCopies(known.id).map((key) => ({ ...key, ...copied })),
    {
      ...tenantLookup(known.id),
      change,
      condition: ['id = :id', ...unchanged].join(' AND '),
      values: Object.fromEntries([[':id', known.id], ...values]),
    },
    audit,
  ]);
  return done;
}

/** Removes a tenant that nothing has joins since it was read. True if that was so. */
export async function removeTenant({ id, joins }: Tenant, audit: Write): Promise<boolean> {
  const { done } = await commit([
    { ...tenantLookup(id), remove: true, condition: 'joins = :joins', values: { ':joins': joins } },
    ...policyCopies(id).map((key) => ({ ...key, remove: true, condition: ALWAYS }) as const),
    { pk: LIST, sk: id, remove: true, condition: 'attribute_exists(pk)' },
    audit,
  ]);
  return done;
}
