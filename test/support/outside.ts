import { fileURLToPath } from 'node:url';
import { Browser, type Page } from './browser.ts';
import { startHelper } from './helper-process.ts';

/** What outside providers are to do. What is left out is as usual. */
export type Orders = {
  /** Who signs in without being asked, by their id there; `nobody` refuses. Without one, the provider shows its own pages. */
  readonly person?: string;
  /** What is said of them. Their address is their id, and verified, unless something else is said. */
  readonly account?: Readonly<Record<string, unknown>>;
  /** Claims of the ID token that are replaced; null makes one null. */
  readonly token?: Readonly<Record<string, unknown>>;
  readonly signedWith?: 'first' | 'second' | 'foreign';
  /** The provider has changed its keys. */
  readonly isRotated?: boolean;
  /** A key of another name signs, and the key set says of it for which issuer. `{origin}` is where the provider is. */
  readonly signingKey?: { readonly kid: string; readonly issuer?: string };
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly fault?: {
    readonly path: string;
    readonly status?: number;
    readonly body?: unknown;
    readonly waitMilliseconds?: number;
  };
};

/** A logout token that is to be signed, by the key that was ordered, if one was. */
export type LogoutOrder = {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly typ?: string | undefined;
  readonly signedWith?: 'first' | 'second' | 'foreign';
};

/** Starts outside providers in a process of their own. */
export async function startProviders() {
  const { url, stop } = await startHelper(fileURLToPath(new URL('openid-providers.ts', import.meta.url)));
  type Origins = Readonly<Record<string, string>>;
  const answer = await (await fetch(url)).json();
  const { issuers, imitations } = answer as { readonly issuers: Origins; readonly imitations: Origins };
  return {
    stop,
    issuers,
    /** Where imitations of GitHub and Entra are. */
    imitations,
    hosts: Object.values(issuers).map((issuer) => new URL(issuer).host),
    issuerOf: (name: string) => issuers[name] ?? '',
    order: (orders: Orders) => fetch(url, { method: 'PUT', body: JSON.stringify(orders) }),
    logoutToken: async (order: LogoutOrder) => {
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(order) });
      return ((await response.json()) as { readonly token: string }).token;
    },
  };
}

/** Goes through the pages of a provider as its browser is sent, until it is sent elsewhere. Gives where to. */
export async function through(providerIssuer: string, start: string | null): Promise<string> {
  const browser = new Browser(providerIssuer);
  let at = start ?? '';
  for (let steps = 0; steps < 10; steps += 1) {
    if (new URL(at).origin !== providerIssuer) return at;
    const page: Page = await browser.open(at);
    const next = page.headers.get('location');
    if (next === null) throw new Error(`The provider shows a page: ${page.status} ${page.html.slice(0, 600)}`);
    at = new URL(next, at).href;
  }
  throw new Error('The provider sends its browser on and on');
}
