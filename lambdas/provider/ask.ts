import { fetchJson } from '#core/fetch/fetch-json.ts';
import { hasFetchableScheme, isTrustedHost } from '#core/fetch/trusted-hosts.ts';
import { keySetIn } from '#core/oauth/client-assertion.ts';
import { cacheSeconds } from '#core/oauth/client-url.ts';
import type { Provider } from '#core/oauth/provider.ts';
import { metadataUrl, type ProviderMetadata, readMetadata } from '#core/oauth/provider-metadata.ts';
import type { PublicKeys } from '#core/oauth/types.ts';
import { Failure } from './failure.ts';

const MOST_BYTES = 256 * 1024;
/** What was read before serves for another day while the provider is out of order. RFC 5861 §4. */
const STALE_SECONDS = 86_400;

type Kept<T> = { readonly value: T; readonly until: number };

const keptMetadata = new Map<string, Kept<ProviderMetadata>>();
const keptKeys = new Map<string, Kept<PublicKeys>>();

/** What a provider says of itself, read again when its headers say that it is too old. Throws a failure. */
export function metadataOf(provider: Provider, now: number): Promise<ProviderMetadata> {
  return read(keptMetadata, metadataUrl(provider), now, (value) => readMetadata(provider, value, hasFetchableScheme));
}

/** True if what a provider says of itself and its keys are known already. */
export function isKnown(provider: Provider, now: number): boolean {
  const metadata = keptMetadata.get(metadataUrl(provider).href);
  const keys = metadata && keptKeys.get(new URL(metadata.value.keysUrl).href);
  return metadata !== undefined && keys !== undefined && now < Math.min(metadata.until, keys.until);
}

/** The keys that a provider signs with. With `isFresh`, as they are now: it may have changed them since. Throws a failure. */
export function keysOf({ keysUrl }: ProviderMetadata, now: number, isFresh = false): Promise<PublicKeys> {
  const url = new URL(keysUrl);
  if (isFresh) keptKeys.delete(url.href);
  return read(keptKeys, url, now, (value) => keySetIn(value) ?? 'its keys are no key set');
}

/** Reads a document, or takes it from what was read before. */
async function read<T extends object>(
  kept: Map<string, Kept<T>>,
  url: URL,
  now: number,
  parse: (value: unknown) => T | string,
): Promise<T> {
  const known = kept.get(url.href);
  if (known && now < known.until) return known.value;
  const fetched = await fetchJson(url, isTrustedHost(url), { mostBytes: MOST_BYTES });
  if (!fetched.ok) {
    if (known && fetched.isPassing && now < known.until + STALE_SECONDS) return known.value;
    throw new Failure(fetched.isPassing ? 'unreachable' : 'failed', `${url.href}: ${fetched.reason}`, 'metadata');
  }
  const value = parse(fetched.value);
  if (typeof value === 'string') throw new Failure('failed', `${url.href}: ${value}`, 'metadata');
  kept.set(url.href, { value, until: now + cacheSeconds(fetched.cacheControl) });
  return value;
}

type Asked = {
  readonly form?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Asks an endpoint of a provider. What is refused is read too, for the log. Throws a failure. */
export async function ask(url: URL, asked: Asked): Promise<unknown> {
  if (!hasFetchableScheme(url)) throw new Failure('failed', `${url.origin} is not https`);
  const fetched = await fetchJson(url, isTrustedHost(url), {
    ...asked,
    mostBytes: MOST_BYTES,
    statuses: [200, 400, 401, 403],
  });
  if (fetched.ok) return fetched.value;
  throw new Failure(fetched.isPassing ? 'unreachable' : 'failed', `${url.origin}${url.pathname}: ${fetched.reason}`);
}
