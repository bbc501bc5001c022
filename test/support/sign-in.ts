import { Browser } from './browser.ts';
import { approve, newAddress, newSourceIp, reachConsent } from './flow.ts';

/** Who signs in, and what they grant: all that the consent page offers, unless they choose. */
export type Person = { readonly address?: string; readonly scopes?: string[] };

/** Has a person sign in where a client sent them, and approve. Gives where the browser is sent then. */
export async function signIn(
  authorizationUrl: URL | string,
  { address = newAddress(), scopes }: Person = {},
): Promise<URL> {
  const { origin, href } = new URL(authorizationUrl);
  const browser = new Browser(origin, newSourceIp());
  const consent = await reachConsent(origin, browser, await browser.open(href), address);
  return approve(browser, consent, scopes);
}
