import { holdsItsTrust, isLive, trustOf } from '#core/oauth/grant.ts';
import type { Grant, Principal } from '#core/oauth/types.ts';
import type { TenantPolicy } from '#generated';
import { grantLookup } from './grants.ts';
import { type Person, personLookup } from './people.ts';
import type { Lookup } from './table.ts';
import { policyLookups } from './tenants.ts';
import { trustLookup } from './trusts.ts';

/** A grant, and all that decides whether and for what it counts now. */
export type GrantContext = {
  readonly grant: Grant | undefined;
  readonly person: Person | undefined;
  /** The policy of the tenant, unless the settings have it. */
  readonly policy: TenantPolicy | undefined;
  /** The trust that it hangs on, if on one. */
  readonly trust: Person | undefined;
};

type Claimed = { readonly grantId: string } & { readonly [P in keyof Principal]: string | undefined };
type Item = Person | TenantPolicy;

/** Where all of that is. To be found in one round trip, with other items. */
export function contextLookups({
  grantId,
  subject,
  tenant,
}: Claimed): readonly [Lookup<Grant>, Lookup<Person>, ...Lookup<Item>[]] {
  const trustId = trustOf(grantId);
  return [
    grantLookup(grantId),
    personLookup(subject ?? ''),
    ...policyLookups(tenant),
    ...(trustId === undefined ? [] : [trustLookup(trustId)]),
  ];
}

/** What was found there. */
export function contextIn([grant, person, ...others]: readonly [
  Grant | undefined,
  Person | undefined,
  ...(Item | undefined)[],
]): GrantContext {
  return { grant, person, policy: others.find(isPolicy), trust: others.find(isProfile) };
}

function isProfile(item: Person | TenantPolicy | undefined): item is Person {
  return item !== undefined && 'subject' in item;
}

function isPolicy(item: Person | TenantPolicy | undefined): item is TenantPolicy {
  return item !== undefined && !('subject' in item);
}

/** True if a grant holds now: it has not ended, and both its person and what it hangs on are as they were. */
export function holds({ grant, person, trust }: GrantContext, now: number): boolean {
  return isLive(grant, person, now) && holdsItsTrust(grant, trust);
}
