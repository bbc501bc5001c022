import { optionalEnv } from '#core/env.ts';
import { trustedMetadataHosts } from '#generated';

const trusted = new Set([...trustedMetadataHosts, ...optionalEnv('TRUSTED_METADATA_HOSTS').split(',')]);
const isPlain = optionalEnv('ISSUER').startsWith('http:');

/** True if the operator lets this host, with its port, be private. */
export function isTrustedHost({ host }: URL): boolean {
  return trusted.has(host);
}

/** True if a client's document or keys may be fetched over the URL's scheme. */
export function hasFetchableScheme(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isPlain && isTrustedHost(url));
}
