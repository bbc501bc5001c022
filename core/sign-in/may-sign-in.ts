import { canonicalAddress, canonicalDomain, domainOf } from '#core/mail/email-address.ts';
import { signIn } from '#generated';

/** In the form that typed addresses get, however the operator wrote them. */
const domains = new Set(signIn.allowedDomains.map((domain) => canonicalDomain(domain)));
const addresses = new Set(signIn.allowedAddresses.map((address) => canonicalAddress(address)));

/** True if the operator lets this address sign in. Where neither domains nor addresses are named, all may. */
export function maySignIn(address: string): boolean {
  if (domains.size === 0 && addresses.size === 0) return true;
  return domains.has(domainOf(address)) || addresses.has(address);
}
