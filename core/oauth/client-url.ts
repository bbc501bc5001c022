import { OAuthError } from './error.ts';

const LONGEST_URL = 1_000;

/** True if a client id is the URL of a metadata document. Ids that we make are none. */
export function isClientUrl(clientId: string): boolean {
  return /^https?:\/\//i.test(clientId);
}

/**
 * Checks the URL of a metadata document, before anything is fetched: https, with a path, in its normal form (which has
 * no dot segments), without fragment or user. Which schemes may be fetched is the caller’s to say. Throws
 * `invalid_client`. Client ID Metadata Document §3.
 */
export function requireClientUrl(clientId: string, hasFetchableScheme: (url: URL) => boolean): URL {
  const url = clientId.length <= LONGEST_URL && URL.canParse(clientId) ? new URL(clientId) : undefined;
  const isPlain = url?.href === clientId && url.pathname !== '/' && !url.username && !url.password;
  if (url && isPlain && !clientId.includes('#') && hasFetchableScheme(url)) return url;
  throw new OAuthError('invalid_client', 'client_id is not the URL of a metadata document');
}

const SHORTEST_CACHE_SECONDS = 60;
const LONGEST_CACHE_SECONDS = 86_400;
const DEFAULT_CACHE_SECONDS = 3_600;

/** How long a document may be used without asking again. RFC 9111 §5.2.2, Client ID Metadata Document §4.3. */
export function cacheSeconds(cacheControl: string | undefined): number {
  if (/\bno-(store|cache)\b/i.test(cacheControl ?? '')) return SHORTEST_CACHE_SECONDS;
  const maxAge = /(?:^|[\s,])max-age="?(\d{1,9})/i.exec(cacheControl ?? '')?.[1];
  const seconds = maxAge === undefined ? DEFAULT_CACHE_SECONDS : Number(maxAge);
  return Math.min(LONGEST_CACHE_SECONDS, Math.max(SHORTEST_CACHE_SECONDS, seconds));
}
