import { isSame, sha256 } from './digest.ts';
import { OAuthError } from './error.ts';
import type { Client } from './types.ts';

/** Who a client says it is, and the secret it shows, if any. */
export type ClientCredentials = { readonly clientId: string; readonly secret: string | undefined };

type Sent = {
  readonly authorization: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
};

/**
 * Reads a client's credentials from the Authorization header or the form, but not from both.
 * Throws `invalid_client` when there are none to read. RFC 6749 §2.3.1.
 */
export function clientCredentials({ authorization, clientId, clientSecret }: Sent): ClientCredentials {
  if (authorization === undefined) {
    if (!clientId) throw new OAuthError('invalid_client', 'The client is not named', 401);
    return { clientId, secret: clientSecret };
  }
  const basic = basicCredentials(authorization);
  if (clientSecret !== undefined || (clientId !== undefined && clientId !== basic.clientId)) {
    throw new OAuthError('invalid_request', 'The client authenticates in two ways at once');
  }
  return basic;
}

function basicCredentials(authorization: string): ClientCredentials {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1];
  const [, id, secret] = /^([^:]+):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  if (!id) throw new OAuthError('invalid_client', 'The Authorization header is not HTTP Basic', 401);
  return { clientId: formDecoded(id), secret: formDecoded(secret ?? '') || undefined };
}

/** Id and secret are form-encoded before they are joined. RFC 6749 §2.3.1. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw new OAuthError('invalid_client', 'The Authorization header is not HTTP Basic', 401, { cause });
  }
}

/**
 * Lets the client pass if it is what it says. A public client shows no secret; the others show theirs, in the header
 * or the form. Throws `invalid_client` with 401, which tells a client to register again. RFC 6749 §3.2.1, §5.2.
 */
export function authenticateClient<C extends Client>(client: C | undefined, { secret }: ClientCredentials): C {
  if (client && isProven(client, secret)) return client;
  throw new OAuthError('invalid_client', 'The client is unknown or its secret is wrong', 401);
}

function isProven({ authMethod, secretHash }: Client, secret: string | undefined): boolean {
  if (authMethod === 'none') return secret === undefined;
  return secret !== undefined && secretHash !== undefined && isSame(sha256(secret), secretHash);
}
