import { Refusal } from '#core/http/refusal.ts';
import { issuer } from '#core/issuer.ts';
import type { Provider } from '#core/oauth/provider.ts';
import { paths } from '#core/routes.ts';
import { providers } from '#generated';

/** The provider of this id. Throws when the settings have none. */
export function requireProvider(id: string | undefined): Provider {
  const provider = providers.find((one) => one.id === id);
  if (!provider) throw new Refusal('invalid_request', 'gone', { status: 404, cause: 'there is no such provider' });
  return provider;
}

/** The provider whose answers go to this path: each has one of its own. RFC 9700 §4.4.2. */
export function providerAt(path: string): Provider {
  return requireProvider(path.slice(paths.provider.length + 1).split('/')[0]);
}

/** True if this is the path at which a provider says that somebody has logged out. */
export function isLogout(path: string): boolean {
  return path.slice(paths.provider.length + 1).split('/')[1] === 'logout';
}

/** Where the answers of a provider go. */
export function redirectUriOf({ id }: Provider): string {
  return `${issuer}${paths.provider}/${id}`;
}
