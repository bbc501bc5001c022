import { domainToASCII } from 'node:url';

const LONGEST_ADDRESS = 254;
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** Before it takes its ASCII form, for which a path, an escape or a tab would be passed over in silence. */
const DOMAIN_AS_TYPED = /^[\p{L}\p{M}\p{N}.-]+$/u;

/**
 * The one form of an address under which its person is found, or undefined when no mail can go there.
 * ASCII letters lose their case, for nobody tells such accounts apart; an international domain takes its ASCII form.
 * Nothing else changes: dots and `+tag` may make another mailbox, and look-alike letters are refused, not folded.
 */
export function canonicalAddress(typed: string): string | undefined {
  const [, local, typedDomain] = /^([^@]+)@([^@]+)$/.exec(typed.trim()) ?? [];
  if (!local || !typedDomain || !isAscii(local)) return undefined;
  const domain = canonicalDomain(typedDomain);
  const isMailbox = LOCAL_PART.test(local.toLowerCase()) && local.length <= 64;
  if (!domain || !isMailbox) return undefined;
  const address = `${local.toLowerCase()}@${domain}`;
  return address.length <= LONGEST_ADDRESS ? address : undefined;
}

/** The ASCII form of a domain, or undefined when it is none that can have mail. RFC 5891 §4. */
export function canonicalDomain(typed: string): string | undefined {
  const domain = DOMAIN_AS_TYPED.test(typed) ? domainToASCII(typed) : '';
  return DOMAIN.test(domain) ? domain : undefined;
}

/** The domain of an address in its canonical form. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** Some letters that are none of ASCII become one in lower case, and would lead to somebody else's account. */
function isAscii(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
