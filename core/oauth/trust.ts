import type { Role } from './permission.ts';

/** What a trusted issuer's word is taken for: who one of its people is, or which program of its platform calls. */
export const trustKinds = ['id-jag', 'workload'] as const;
export type TrustKind = (typeof trustKinds)[number];

/** That a tenant takes the word of an issuer, and what its tokens must say. */
export type Trust = {
  readonly id: string;
  readonly tenant: string;
  readonly kind: TrustKind;
  /** Exactly as the issuer's tokens have it. */
  readonly issuer: string;
  /** Where its keys are, if not where its own metadata says. */
  readonly jwksUri?: string;
  /** What its tokens must say, exactly. */
  readonly claims: Readonly<Record<string, string>>;
  /** The most that a workload may do. */
  readonly scopes?: readonly string[];
  /** What a workload is in the tenant. */
  readonly role?: Role;
  /** True if a token may be used again until it expires, for platforms that keep it in a file. */
  readonly isReusable: boolean;
  readonly createdAt: number;
};

type Claims = Readonly<Record<string, unknown>>;

/** The trust under which a token is taken. Throws a reason where that is none, or more than one. */
export function trustFor(trusts: readonly Trust[], claims: Claims): Trust | 'none' | 'several' {
  const [one, ...others] = trusts.filter((trust) =>
    Object.entries(trust.claims).every(([name, value]) => says(claims, name, value)),
  );
  if (!one) return 'none';
  return others.length > 0 ? 'several' : one;
}

/**
 * True if a token's claim is exactly this. A list is not: which of its members counts would be a guess. Neither is a number
 * so large that others are read as the same one. RFC 8259 §6.
 */
function says(claims: Claims, name: string, value: string): boolean {
  const said = Object.hasOwn(claims, name) ? claims[name] : undefined;
  const isExact = typeof said === 'string' || typeof said === 'boolean' || Number.isSafeInteger(said);
  return isExact && String(said) === value;
}

/**
 * True if no token can be taken under both of two trusts: they are of different issuers or kinds, or ask for different
 * values of a claim.
 */
export function excludeEachOther(one: Pick<Trust, 'issuer' | 'kind' | 'claims'>, other: typeof one): boolean {
  if (one.issuer !== other.issuer || one.kind !== other.kind) return true;
  return Object.entries(one.claims).some(
    ([name, value]) => Object.hasOwn(other.claims, name) && other.claims[name] !== value,
  );
}
