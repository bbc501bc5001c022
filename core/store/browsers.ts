import { sha256 } from '#core/oauth/digest.ts';
import { addressLookup } from './people.ts';
import { ALWAYS, type Key, type Lookup, type Write } from './table.ts';

/** How long a browser is remembered after a sign-in. Browsers keep no cookie for longer. RFC 6265bis §5.5. */
export const browserSeconds = 400 * 86_400;

/** Where it says that somebody has signed in with an address in a browser. */
export function browserLookup(address: string, hash: string): Key & Lookup<object> {
  return { pk: addressLookup(sha256(address)).pk, sk: `BROWSER#${hash}` };
}

/** Remembers a browser. A part of the transaction that signs somebody in. */
export function seenBrowser(address: string, hash: string, now: number): Write {
  return {
    ...browserLookup(address, hash),
    change: 'SET #ttl = :ttl',
    condition: ALWAYS,
    values: { ':ttl': now + browserSeconds },
  };
}
