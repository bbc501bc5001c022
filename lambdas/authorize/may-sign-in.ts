import { signIn } from '#generated';

/** Says whether the operator lets this address sign in. Where neither domains nor addresses are named, all may. */
export function maySignIn(address: string): boolean {
  const { allowedDomains, allowedAddresses } = signIn;
  if (allowedDomains.length === 0 && allowedAddresses.length === 0) return true;
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return allowedDomains.includes(domain) || allowedAddresses.includes(address);
}
