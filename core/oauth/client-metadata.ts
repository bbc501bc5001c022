import * as z from 'zod/mini';
import { withoutEmpty } from './absent.ts';
import { OAuthError } from './error.ts';
import { keySet } from './key-set.ts';
import { isUsableRedirectUri } from './redirect-uri.ts';
import { shownName, webAddress } from './shown-text.ts';
import { type AuthMethod, authMethods, type Client, type GrantType, grantTypes } from './types.ts';

const MOST_REDIRECT_URIS = 20;
const LONGEST_ADDRESS = 2_000;
/** Of all redirect URIs together, as each is read with the client at every request. */
const LONGEST_ADDRESSES = 8_000;

const wellFormed = z.refine<string>((value) => value.isWellFormed());
const redirectUri = z.string().check(z.maxLength(LONGEST_ADDRESS), wellFormed);
const keyAddress = z.url({ protocol: /^https?$/ }).check(z.maxLength(LONGEST_ADDRESS), wellFormed);
const words = z.array(z.string().check(z.maxLength(200))).check(z.maxLength(20));

/** What people are shown, or may be: left out if it cannot be shown, for it costs nobody anything. RFC 7591 §2. */
const shown = z.optional(z.unknown());

/** The rest decides who may be answered, and how a client proves that it is itself: refused if it is wrong. */
const metadataShape = z.object({
  redirect_uris: z.array(redirectUri).check(
    z.minLength(1),
    z.maxLength(MOST_REDIRECT_URIS),
    z.refine((all: readonly string[]) => all.join('').length <= LONGEST_ADDRESSES),
  ),
  token_endpoint_auth_method: z.optional(z.enum(authMethods)),
  token_endpoint_auth_methods_supported: z.optional(words),
  jwks: z.optional(keySet),
  jwks_uri: z.optional(keyAddress),
  grant_types: z.optional(words),
  response_types: z.optional(words),
  dpop_bound_access_tokens: z.optional(z.literal([true, false])),
  client_name: shown,
  client_uri: shown,
  logo_uri: shown,
});
type Metadata = Omit<z.output<typeof metadataShape>, 'client_name' | 'client_uri' | 'logo_uri'> &
  Pick<Client, 'name' | 'uri' | 'logoUri'>;

/** What a client says of itself: all of a client but what the server gives it. */
export type ClientMetadata = Omit<Client, 'id' | 'secretHashes' | 'registeredAt' | 'isResourceServer'>;

/**
 * Reads the metadata that a client registers. What is empty counts as left out, and so does what is only shown and
 * cannot be; what is not named here is not kept: logos, terms, contacts, versions, names in other languages, scopes,
 * which are decided at consent. One usable redirect URI is enough: the others are kept, and refused when
 * they are used. Without a method or grant types the defaults are a secret by Basic, and both grants. RFC 7591 §2.
 * Throws `invalid_redirect_uri` or `invalid_client_metadata`.
 */
export function parseClientMetadata(value: unknown, namedSchemes: readonly string[] = []): ClientMetadata {
  const metadata = parsed(value);
  const method = metadata.token_endpoint_auth_method ?? 'client_secret_basic';
  return described(metadata, alike(method), namedSchemes);
}

/**
 * Reads the document behind a client's URL. A document is for everybody to read, so it names no shared secret;
 * it may offer several methods. Where its logo is, is kept: its host vouches for it. Throws when it is not the document of
 * this URL.
 * Client ID Metadata Document §4.
 */
export function parseMetadataDocument(
  value: unknown,
  url: string,
  namedSchemes: readonly string[] = [],
): ClientMetadata {
  const named = z.object({ client_id: z.literal(url) }).safeParse(value);
  if (!named.success) throw new OAuthError('invalid_client_metadata', 'client_id is not the URL of the document');
  const metadata = parsed(value);
  const { token_endpoint_auth_method: method, token_endpoint_auth_methods_supported: supported } = metadata;
  const offered = [method ?? 'none', ...(supported ?? [])];
  const usable = authMethods.filter((known) => offered.includes(known) && !known.startsWith('client_secret_'));
  if (usable.length === 0)
    throw new OAuthError('invalid_client_metadata', 'None of the authentication methods is supported');
  return { ...described(metadata, usable, namedSchemes), logoUri: metadata.logoUri };
}

function parsed(value: unknown): Metadata {
  const sent = withoutEmpty(value);
  const result = metadataShape.safeParse(sent);
  if (!result.success) throw refusal(result.error);
  const { client_name, client_uri, logo_uri, ...others } = result.data;
  return { ...others, name: shownName(client_name), uri: webAddress(client_uri), logoUri: webAddress(logo_uri) };
}

/** A secret proves the same in the header and in the form, and clients mix the two up. */
function alike(method: AuthMethod): readonly AuthMethod[] {
  if (method === 'client_secret_basic') return [method, 'client_secret_post'];
  return method === 'client_secret_post' ? [method, 'client_secret_basic'] : [method];
}

function described(
  metadata: Metadata,
  methods: readonly AuthMethod[],
  namedSchemes: readonly string[],
): ClientMetadata {
  const { jwks, jwks_uri: jwksUri, redirect_uris: redirectUris, dpop_bound_access_tokens } = metadata;
  if (!redirectUris.some((uri) => isUsableRedirectUri(uri, namedSchemes))) {
    throw new OAuthError(
      'invalid_redirect_uri',
      'No redirect URI is https, http on loopback, or of a private scheme that has a dot or is of a known program',
    );
  }
  const needsKeys = methods.every((method) => method === 'private_key_jwt');
  if (needsKeys && !jwks?.keys.length && !jwksUri)
    throw new OAuthError('invalid_client_metadata', 'jwks or jwks_uri is required');
  return {
    name: metadata.name,
    uri: metadata.uri,
    redirectUris,
    authMethods: methods,
    jwks,
    jwksUri,
    dpopBoundAccessTokens: dpop_bound_access_tokens || undefined,
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
    const most = `${MOST_REDIRECT_URIS} strings of at most ${LONGEST_ADDRESS} characters, ${LONGEST_ADDRESSES} together`;
    return new OAuthError('invalid_redirect_uri', `redirect_uris must be 1 to ${most}`);
  }
  const what = member === undefined ? 'The metadata must be a JSON object' : `${String(member)} is not valid`;
  return new OAuthError('invalid_client_metadata', what);
}
