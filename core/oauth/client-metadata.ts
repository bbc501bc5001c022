import * as z from 'zod/mini';
import { OAuthError } from './error.ts';
import { keySet } from './key-set.ts';
import { isUsableRedirectUri } from './redirect-uri.ts';
import { type AuthMethod, authMethods, type Client, type GrantType, grantTypes } from './types.ts';

const MOST_REDIRECT_URIS = 20;

/**
 * No control, formatting or bidirectional characters, which make a name look like another, and no U+FFFD, which the
 * gateway puts in place of what was no UTF-8.
 */
const shownText = z.string().check(z.minLength(1), z.maxLength(200), z.regex(/^[^\p{C}\p{Zl}\p{Zp}\uFFFD]*$/u));
const webPage = z.url({ protocol: /^https?$/ }).check(z.maxLength(2_000));
const words = z.array(z.string().check(z.maxLength(200))).check(z.maxLength(20));
const absentOr = <T extends z.ZodMiniType>(schema: T) => z.optional(z.nullable(schema));

const metadataShape = z.object({
  redirect_uris: z.array(z.string()).check(z.minLength(1), z.maxLength(MOST_REDIRECT_URIS)),
  token_endpoint_auth_method: absentOr(z.enum(authMethods)),
  token_endpoint_auth_methods_supported: absentOr(words),
  jwks: absentOr(keySet),
  jwks_uri: absentOr(z.url({ protocol: /^https?$/ })),
  grant_types: absentOr(words),
  response_types: absentOr(words),
  client_name: absentOr(shownText),
  client_uri: absentOr(webPage),
  logo_uri: absentOr(webPage),
  tos_uri: absentOr(webPage),
  policy_uri: absentOr(webPage),
});
type Metadata = z.output<typeof metadataShape>;

/** What a client says of itself: all of a client but what the server gives it. */
export type ClientMetadata = Omit<Client, 'id' | 'secretHashes' | 'registeredAt' | 'isResourceServer'>;

/**
 * Reads the metadata that a client registers. One usable redirect URI is enough: the others are kept, and refused when
 * they are used. Without a method or grant types the defaults are a secret by Basic, and both grants. RFC 7591 §2.
 * Throws `invalid_redirect_uri` or `invalid_client_metadata`.
 */
export function parseClientMetadata(value: unknown): ClientMetadata {
  const metadata = parsed(value);
  const method = metadata.token_endpoint_auth_method ?? 'client_secret_basic';
  return described(metadata, alike(method));
}

/**
 * Reads the document behind a client's URL. A document is for everybody to read, so it names no shared secret;
 * it may offer several methods. Throws when it is not the document of this URL.
 * Client ID Metadata Document §4.
 */
export function parseMetadataDocument(value: unknown, url: string): ClientMetadata {
  const named = z.object({ client_id: z.literal(url) }).safeParse(value);
  if (!named.success) throw new OAuthError('invalid_client_metadata', 'client_id is not the URL of the document');
  const metadata = parsed(value);
  const { token_endpoint_auth_method: method, token_endpoint_auth_methods_supported: supported } = metadata;
  const offered = [method ?? 'none', ...(supported ?? [])];
  const usable = authMethods.filter((known) => offered.includes(known) && !known.startsWith('client_secret_'));
  if (usable.length === 0)
    throw new OAuthError('invalid_client_metadata', 'No offered authentication method is usable');
  return described(metadata, usable);
}

function parsed(value: unknown): Metadata {
  const result = metadataShape.safeParse(value);
  if (!result.success) throw refusal(result.error);
  return result.data;
}

/** A secret proves the same in the header and in the form, and clients mix the two up. */
function alike(method: AuthMethod): readonly AuthMethod[] {
  if (method === 'client_secret_basic') return [method, 'client_secret_post'];
  return method === 'client_secret_post' ? [method, 'client_secret_basic'] : [method];
}

function described(metadata: Metadata, methods: readonly AuthMethod[]): ClientMetadata {
  const { jwks, jwks_uri: jwksUri, redirect_uris: redirectUris } = metadata;
  if (!redirectUris.some(isUsableRedirectUri)) {
    throw new OAuthError('invalid_redirect_uri', 'No redirect URI is https, http on loopback, or of a private scheme');
  }
  const needsKeys = methods.every((method) => method === 'private_key_jwt');
  if (needsKeys && !jwks?.keys.length && !jwksUri)
    throw new OAuthError('invalid_client_metadata', 'jwks or jwks_uri is required');
  return {
    name: metadata.client_name ?? undefined,
    uri: metadata.client_uri ?? undefined,
    redirectUris,
    authMethods: methods,
    jwks: jwks ?? undefined,
    jwksUri: jwksUri ?? undefined,
    grantTypes: supportedGrantTypes(metadata.grant_types ?? grantTypes, metadata.response_types ?? ['code']),
  };
}

/** Clients name grants for every server they know, so those unknown here are dropped. RFC 7591 §2.1. */
function supportedGrantTypes(asked: readonly string[], responseTypes: readonly string[]): readonly GrantType[] {
  if (!asked.includes('authorization_code') || !responseTypes.includes('code')) {
    throw new OAuthError(
      'invalid_client_metadata',
      'Only the authorization_code grant with response type code is served',
    );
  }
  return grantTypes.filter((type) => asked.includes(type));
}

function refusal(error: z.core.$ZodError): OAuthError {
  const [issue] = error.issues;
  const member = issue?.path[0];
  if (member === 'redirect_uris') {
    return new OAuthError('invalid_redirect_uri', `redirect_uris must be 1 to ${MOST_REDIRECT_URIS} strings`);
  }
  const what = member === undefined ? 'The metadata must be a JSON object' : `${String(member)} is not valid`;
  return new OAuthError('invalid_client_metadata', what);
}
