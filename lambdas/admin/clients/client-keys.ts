import * as z from 'zod/mini';
import { keySet } from '#core/oauth/key-set.ts';
import { isLoopback } from '#core/oauth/redirect-uri.ts';
import type { AuthMethod, Client, PublicKeys } from '#core/oauth/types.ts';
import { refused } from '../operation.ts';

type Described = {
  readonly token_endpoint_auth_method: AuthMethod;
  readonly jwks?: unknown;
  readonly jwks_uri?: string | undefined;
};
type Keys = Pick<Client, 'jwks' | 'jwksUri'>;

/** A set with a private or a symmetric key in it. RFC 7518 §6. */
const secretKeys = z.object({
  keys: z.array(z.unknown()).check(z.refine((keys) => keys.some(isSecret))),
});

/**
 * Reads the keys of a client that authenticates by a signature, or where they are: not both, and for no other method.
 * Throws a refusal. RFC 7591 §2.
 */
export function readKeys({ token_endpoint_auth_method: method, jwks, jwks_uri: jwksUri }: Described): Keys {
  const given = [jwks, jwksUri].filter((keys) => keys !== undefined).length;
  if (method !== 'private_key_jwt' && given > 0) throw refused('Keys only serve with private_key_jwt');
  if (method === 'private_key_jwt' && given !== 1) throw refused('private_key_jwt needs either jwks or jwks_uri');
  if (jwksUri !== undefined && !isKeyAddress(jwksUri)) throw refused(`${jwksUri} is no https address of a key set`);
  return { jwks: jwks === undefined ? undefined : publicKeys(jwks), jwksUri };
}

/** Plain http is for trying things out on this machine. The code that fetches keys decides if it is allowed. */
function isKeyAddress(uri: string): boolean {
  return URL.canParse(uri) && (new URL(uri).protocol === 'https:' || isLoopback(uri));
}

function isSecret(key: unknown): boolean {
  return typeof key === 'object' && key !== null && ('d' in key || 'k' in key);
}

function publicKeys(jwks: unknown): PublicKeys {
  if (secretKeys.safeParse(jwks).success) throw refused('jwks holds a secret key: give only the public half of a key');
  const set = keySet.safeParse(jwks);
  if (set.success && set.data.keys.length > 0) return set.data;
  throw refused('jwks must be a JWK set with 1 to 20 public keys, such as {"keys":[{"kty":"EC",…}]}');
}
