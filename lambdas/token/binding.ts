import type { Request } from '#core/http/request.ts';
import { ProofRefused, type ProvenKey } from '#core/proof.ts';
import { findAll } from '#core/store/table.ts';
import { policyLookups } from '#core/store/tenants.ts';
import type { TenantPolicy } from '#generated';

/** A request for tokens, with the key that they are to be bound to if it brings a proof of one. RFC 9449 §5. */
export type TokenRequest = Request & { readonly key: ProvenKey | undefined };

/** Refuses tokens that would be bound to no key, where the server, the client or the tenant takes no others. */
export function requireKey(isRequired: boolean | undefined, whose: string, { key }: TokenRequest): void {
  if (isRequired && !key)
    throw new ProofRefused(
      'invalid_dpop_proof',
      `${whose} takes only tokens that are bound to a key: send a DPoP proof`,
    );
}

/** The same by the policy of a tenant. */
export function requireKeyUnder(policy: TenantPolicy | undefined, request: TokenRequest): void {
  requireKey(policy?.dpop === 'required', 'The tenant', request);
}

/** The same where the policy is not known yet. It need not be for a token that is bound. */
export async function requireKeyIn(tenant: string, request: TokenRequest): Promise<void> {
  const lookups = request.key ? [] : policyLookups(tenant);
  if (lookups.length > 0) requireKeyUnder((await findAll(lookups, request.now))[0], request);
}
