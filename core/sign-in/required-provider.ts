import { empty, type Response } from '#core/http/response.ts';
import { domainOf } from '#core/mail/email-address.ts';
import { paths } from '#core/routes.ts';
import type { Domain } from '#core/store/tenants.ts';
import { requiredProviders, type TenantPolicy } from '#generated';

/**
 * The provider through which somebody must sign in, if there is one. What their tenant says comes before what is said of
 * the domain of their address.
 */
export function requiredProvider(
  address: string,
  domain: Domain | undefined,
  policy?: TenantPolicy,
): string | undefined {
  return policy?.provider ?? domain?.provider ?? requiredProviders[domainOf(address)];
}

/** How somebody signed in. Without a provider it was by a code or a passkey. */
type Came = { readonly address?: string; readonly provider?: string | null | undefined };

/** True if somebody signed in the way that they must. */
export function cameAsRequired(
  { address = '', provider }: Came,
  domain: Domain | undefined,
  policy: TenantPolicy | undefined,
): boolean {
  const required = requiredProvider(address, domain, policy);
  return required === undefined || required === provider;
}

/** Sends a window on to a provider. 307 has the browser post the same form there. RFC 9110 §15.4.8. */
export function onToProvider(provider: string): Response {
  return empty(307, { location: `${paths.provider}?provider=${provider}` });
}
