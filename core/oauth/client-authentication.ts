import { isClientId } from './client-id.ts';
import { isSame, sha256 } from './digest.ts';
import { OAuthError } from './error.ts';
import type { Client } from './types.ts';

/** Who a client says it is, and what it shows for it: a secret, a signed assertion, or nothing. */
export type ClientCredentials = {
  readonly clientId: string;
  readonly secret: string | undefined;
  readonly assertion: string | undefined;
};

type Sent = {
  readonly authorization: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly assertion: string | undefined;
  readonly assertionType: string | undefined;
};

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Reads a client's credentials from the Authorization header or the form, but not from more than one place.
 * Throws `invalid_client` when there are none to read. RFC 6749 §2.3, RFC 7523 §2.2.
 */
export function clientCredentials(sent: Sent): ClientCredentials {
  const ways = [sent.authorization, sent.clientSecret, sent.assertion].filter((way) => way !== undefined);
  if (ways.length > 1) throw new OAuthError('invalid_request', 'Use only one way of client authentication');
  const credentials = sent.authorization === undefined ? formCredentials(sent) : basicCredentials(sent.authorization);
  if (sent.clientId !== undefined && sent.clientId !== credentials.clientId) {
    throw new OAuthError('invalid_request', 'client_id does not match the client authentication');
  }
  if (!isClientId(credentials.clientId)) throw notAuthenticated('unknown client');
  return credentials;
}

function formCredentials({ clientId, clientSecret: secret, assertion, assertionType }: Sent): ClientCredentials {
  if (assertion !== undefined && assertionType !== JWT_BEARER) {
    throw new OAuthError('invalid_request', `client_assertion_type must be ${JWT_BEARER}`);
  }
  const id = clientId ?? subjectOf(assertion);
  if (!id) throw new OAuthError('invalid_client', 'client_id is required', 401);
  return { clientId: id, secret, assertion };
}

/** The client that an assertion is about, before anything of it is checked. RFC 7523 §3. */
function subjectOf(assertion: string | undefined): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(assertion?.split('.')[1] ?? '', 'base64url').toString());
    const sub = typeof claims === 'object' && claims !== null && 'sub' in claims ? claims.sub : undefined;
    return typeof sub === 'string' ? sub : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function basicCredentials(authorization: string): ClientCredentials {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1];
  const [, id, secret] = /^([^:]+):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  if (!id) throw new OAuthError('invalid_client', 'The Authorization header is not HTTP Basic', 401);
  return { clientId: formDecoded(id), secret: formDecoded(secret ?? '') || undefined, assertion: undefined };
}

/** Id and secret are form-encoded before they are joined. RFC 6749 §2.3.1. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    if (!(cause instanceof URIError)) throw cause;
    throw new OAuthError('invalid_client', 'The Authorization header is not HTTP Basic', 401, { cause });
  }
}

/** True if a client is public and shows nothing, or confidential and shows a secret of its own. RFC 6749 §2.3.1. */
export function isProven({ authMethods, secretHashes }: Client, { secret, assertion }: ClientCredentials): boolean {
  if (assertion !== undefined) return false;
  if (secret === undefined) return authMethods.includes('none');
  const hash = sha256(secret);
  return takesSecrets(authMethods) && secretHashes.some((known) => isSame(hash, known));
}

function takesSecrets(methods: Client['authMethods']): boolean {
  return methods.includes('client_secret_basic') || methods.includes('client_secret_post');
}

/** The refusal of a client: the same words whatever is wrong. With 401 it tells a client to register again. RFC 6749 §5.2. */
export function notAuthenticated(cause?: string): OAuthError {
  return new OAuthError('invalid_client', 'Unknown client, or client authentication failed', 401, { cause });
}
