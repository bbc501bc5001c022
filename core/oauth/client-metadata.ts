import * as z from 'zod/mini';
import { OAuthError } from './error.ts';
import { isUsableRedirectUri } from './redirect-uri.ts';
import { authMethods, type Client, type GrantType, grantTypes } from './types.ts';

const MOST_REDIRECT_URIS = 20;

/** No control, formatting or bidirectional characters: they make a name look like another. */
const shownText = z.string().check(z.minLength(1), z.maxLength(200), z.regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u));
const webPage = z.url({ protocol: /^https?$/ }).check(z.maxLength(2_000));
const words = z.array(z.string().check(z.maxLength(200))).check(z.maxLength(20));
const absentOr = <T extends z.ZodMiniType>(schema: T) => z.optional(z.nullable(schema));

const metadataShape = z.object({
  redirect_uris: z.array(z.string()).check(z.minLength(1), z.maxLength(MOST_REDIRECT_URIS)),
  token_endpoint_auth_method: absentOr(z.enum(authMethods)),
  grant_types: absentOr(words),
  response_types: absentOr(words),
  client_name: absentOr(shownText),
  client_uri: absentOr(webPage),
  logo_uri: absentOr(webPage),
  tos_uri: absentOr(webPage),
  policy_uri: absentOr(webPage),
});

/** What a client says of itself when it registers, checked: all of a client but what the server gives it. */
export type ClientMetadata = Pick<Client, 'name' | 'uri' | 'redirectUris' | 'authMethod' | 'grantTypes'>;

/**
 * Reads a client's metadata. One usable redirect URI is enough: the others are kept, and refused when they are used.
 * Without a method or grant types the defaults are a secret by Basic, and both grants. RFC 7591 §2.
 * Throws `invalid_redirect_uri` or `invalid_client_metadata`.
 */
export function parseClientMetadata(value: unknown): ClientMetadata {
  const parsed = metadataShape.safeParse(value);
  if (!parsed.success) throw refusal(parsed.error);
  const metadata = parsed.data;
  if (!metadata.redirect_uris.some(isUsableRedirectUri)) {
    throw new OAuthError('invalid_redirect_uri', 'No redirect URI is https, http on loopback, or of a private scheme');
  }
  return {
    name: metadata.client_name ?? undefined,
    uri: metadata.client_uri ?? undefined,
    redirectUris: metadata.redirect_uris,
    authMethod: metadata.token_endpoint_auth_method ?? 'client_secret_basic',
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
  const what = member === undefined ? 'The body must be a JSON object' : `${String(member)} is not valid`;
  return new OAuthError('invalid_client_metadata', what);
}
