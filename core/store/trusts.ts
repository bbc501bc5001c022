import { randomInt } from 'node:crypto';
import { sha256 } from '#core/oauth/digest.ts';
import { trustSubject } from '#core/oauth/principal.ts';
import type { Trust } from '#core/oauth/trust.ts';
import type { PublicKeys } from '#core/oauth/types.ts';
import { type Person, personKey, personLookup } from './people.ts';
import { change, commit, findAll, type Key, type Lookup, query, type Write } from './table.ts';
import { joining } from './tenants.ts';

const LARGEST_ERA = 2 ** 40;
const [TRUST, KEYS] = ['TRUST#', 'KEYS#'];
/** So many trusts a tenant may have, and an issuer of many customers, such as a platform for code. */
export const mostTrusts = { ofTenant: 100, ofIssuer: 500 };

/** The keys of an issuer as they were read last. */
export type IssuerKeys = { readonly keys?: PublicKeys; readonly readAt?: number; readonly triedAt?: number };

/** All that is known of an issuer: who trusts it, and its keys. */
export type KnownIssuer = {
  readonly trusts: readonly Trust[];
  readonly keysOf: (trust: Trust) => IssuerKeys | undefined;
};

function issuerPartition(issuer: string): string {
  return `ISSUER#${sha256(issuer)}`;
}

function keysLookup({ issuer, jwksUri = '' }: Trust): Key & Lookup<IssuerKeys> {
  return { pk: issuerPartition(issuer), sk: `${KEYS}${sha256(jwksUri)}` };
}

function listKey({ tenant, id }: Pick<Trust, 'tenant' | 'id'>): Key {
  return { pk: `TENANT#${tenant}`, sk: `${TRUST}${id}` };
}

/** Who trusts an issuer, and its keys: in one round trip, unless that is more than a page holds. */
export async function knownIssuer(issuer: string): Promise<KnownIssuer> {
  const items: (Key & Trust & IssuerKeys)[] = [];
  let after: string | undefined;
  do {
    const page = await query<Key & Trust & IssuerKeys>(issuerPartition(issuer), { after, most: mostTrusts.ofIssuer });
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return {
    trusts: items.filter(({ sk }) => sk.startsWith(TRUST)),
    keysOf: (trust) => items.find(({ sk }) => sk === keysLookup(trust).sk),
  };
}

/** Where it says whether a trust counts. To be found with other items. */
export function trustLookup(id: string): Lookup<Person> {
  return personLookup(trustSubject(id));
}

/** Makes a trust, which is disabled until somebody has looked at it once more. True if its tenant is there. */
export async function addTrust(trust: Trust, audit: Write): Promise<boolean> {
  const { id, issuer, tenant, role = 'member', createdAt } = trust;
  const subject = trustSubject(id);
  const profile: Person = { subject, tenant, role, createdAt, disabledAt: createdAt, era: randomInt(1, LARGEST_ERA) };
  const { done } = await commit([
    { pk: issuerPartition(issuer), sk: `${TRUST}${id}`, put: trust },
    { ...listKey(trust), put: trust },
    { ...personKey(subject), put: profile },
    joining(tenant),
    audit,
  ]);
  return done;
}

/** Lets a trust count, or not any more. Nothing from before counts either way. True if it was otherwise. */
export async function setTrusted(id: string, disabledAt: number | undefined, audit: Write): Promise<boolean> {
  const isDisabling = disabledAt !== undefined;
  const written: Write = {
    ...personKey(trustSubject(id)),
    change: isDisabling ? 'SET disabledAt = :at ADD era :one' : 'REMOVE disabledAt ADD era :one',
    condition: `attribute_exists(pk) AND ${isDisabling ? 'attribute_not_exists' : 'attribute_exists'}(disabledAt)`,
    values: { ':one': 1, ':at': disabledAt },
  };
  return (await commit([written, audit])).done;
}

/** Removes a trust. Nothing that came of it counts from then on. True if it was still there. */
export async function removeTrust(trust: Trust, audit: Write): Promise<boolean> {
  const condition = 'attribute_exists(pk)';
  const keys = [
    { pk: issuerPartition(trust.issuer), sk: `${TRUST}${trust.id}` },
    listKey(trust),
    personKey(trustSubject(trust.id)),
  ];
  const { done } = await commit([...keys.map((key) => ({ ...key, remove: true, condition }) as const), audit]);
  return done;
}

/** A trust, and since when it is disabled. */
export type ListedTrust = Trust & { readonly disabledAt: number | undefined };

/** The trusts of a tenant, or the one with this id. */
export async function trustsOf(tenant: string, now: number, id = ''): Promise<readonly ListedTrust[]> {
  const { items } = await query<Trust>(`TENANT#${tenant}`, { prefix: `${TRUST}${id}`, most: mostTrusts.ofTenant });
  const profiles =
    items.length === 0
      ? []
      : await findAll(
          items.map((trust) => trustLookup(trust.id)),
          now,
        );
  return items.map((trust, at) => ({ ...trust, disabledAt: profiles[at]?.disabledAt }));
}

/** Claims the reading of an issuer's keys, at most once in this many seconds. True if nobody did meanwhile. */
export async function claimIssuerKeys(trust: Trust, now: number, everySeconds: number): Promise<boolean> {
  const claim = await change(keysLookup(trust), {
    change: 'SET triedAt = :now',
    condition: 'attribute_not_exists(triedAt) OR triedAt <= :before',
    values: { ':now': now, ':before': now - everySeconds },
  });
  return claim.done;
}

/** Keeps the keys of an issuer. */
export async function keepIssuerKeys(trust: Trust, keys: PublicKeys, now: number): Promise<void> {
  await change(keysLookup(trust), {
    change: 'SET #keys = :keys, readAt = :now',
    condition: 'attribute_not_exists(readAt) OR readAt <= :now',
    values: { ':keys': keys, ':now': now },
  });
}
