import { hmac, isSame, sha256 } from '#core/oauth/digest.ts';
import type { Provider } from '#core/oauth/provider.ts';
import type { Browser } from '#core/sign-in/browser.ts';

/** What binds the way to a provider and back to one window of one browser. */
export type Way = {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly challenge: string;
};

/**
 * The secrets of a way. They follow from the secret of the browser's cookie and a salt in the table, so neither of the two
 * alone gives any of them, and from the provider, so that the answer of one is none of another. RFC 9700 §4.4.
 */
export function wayOf({ id, secret }: Browser, provider: Pick<Provider, 'id' | 'issuer'>, salt: string): Way {
  const about = JSON.stringify([provider.id, provider.issuer, salt]);
  const verifier = hmac(secret, `verifier for a provider ${about}`);
  return {
    state: `${id}.${hmac(secret, `state for a provider ${about}`)}`,
    nonce: hmac(secret, `nonce for a provider ${about}`),
    verifier,
    challenge: sha256(verifier),
  };
}

/** The sign-in that a state names. It shows nothing else. */
export function signInIdIn(state: string | undefined): string {
  return state?.split('.', 1)[0] ?? '';
}

/** True if a state is that of this way. */
export function isStateOf(state: string | undefined, way: Way): boolean {
  return isSame(way.state, state ?? '');
}
