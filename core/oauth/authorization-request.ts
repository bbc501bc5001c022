import { OAuthError } from './error.ts';
import { requireShort } from './parameter-length.ts';
import { requireChallenge, requireHash } from './pkce.ts';
import { isRegistered, isUsableRedirectUri, withParameters } from './redirect-uri.ts';
import { requireOwnResource } from './resource.ts';
import { offeredScopes, parseScope, type ScopeDefinition } from './scope.ts';
import type { AuthorizationRequest, Client } from './types.ts';

/** What the server knows that a request is judged by. */
type Rules = {
  readonly mcpUrl: string;
  readonly catalogue: readonly ScopeDefinition[];
  /** The scopes of a request that names none. */
  readonly byDefault: readonly string[];
};

/** The parameters of an authorization request, as on the wire. RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 8707 §2, RFC 9449 §10. */
export type AuthorizationParameters = {
  readonly response_type?: string;
  readonly response_mode?: string;
  readonly state?: string;
  readonly scope?: string;
  readonly code_challenge?: string;
  readonly code_challenge_method?: string;
  readonly dpop_jkt?: string;
  readonly request?: string;
  readonly request_uri?: string;
  readonly resources: readonly string[];
};

/**
 * Where the answer may go. Only a URI that the client registered, so that nobody else's errors end up there either.
 * Throws when there is none: then a page is shown and nothing is sent anywhere. RFC 6749 §3.1.2.4, OAuth 2.1 §4.1.1.
 */
export function requireRedirectUri(
  client: Client,
  requested: string | undefined,
  namedSchemes: readonly string[] = [],
): string {
  const uri = requested ?? (client.redirectUris.length === 1 ? client.redirectUris[0] : undefined);
  if (!uri) throw new OAuthError('invalid_request', 'redirect_uri is required');
  if (isUsableRedirectUri(uri, namedSchemes) && isRegistered(uri, client.redirectUris)) return uri;
  throw new OAuthError('invalid_request', 'redirect_uri is not registered for this client');
}

/** The longest `state` that is kept until the answer. Clients put a random value or a signed text in it. */
const LONGEST_STATE = 4_096;

/** Checks a request whose client and redirect URI are proven. What it throws goes back to the client. RFC 6749 §4.1.2.1. */
export function authorizationRequest(
  client: Client,
  redirectUri: string,
  parameters: AuthorizationParameters,
  { mcpUrl, catalogue, byDefault }: Rules,
): AuthorizationRequest {
  const { request, request_uri, response_type, response_mode, state, dpop_jkt } = parameters;
  requireShort('state', state, LONGEST_STATE);
  if (request) throw new OAuthError('request_not_supported', 'request objects are not supported');
  if (request_uri) throw new OAuthError('request_uri_not_supported', 'request_uri is not supported');
  if (!response_type) throw new OAuthError('invalid_request', 'response_type is required');
  if (response_type !== 'code') throw new OAuthError('unsupported_response_type', 'response_type must be code');
  if (response_mode && response_mode !== 'query') {
    throw new OAuthError('invalid_request', 'response_mode must be query');
  }
  const codeChallenge = requireChallenge(parameters.code_challenge, parameters.code_challenge_method);
  requireOwnResource(parameters.resources, mcpUrl);
  const dpopJkt = dpop_jkt && requireHash('dpop_jkt', dpop_jkt);
  const scopes = offeredScopes(parseScope(parameters.scope), catalogue, byDefault);
  return { clientId: client.id, redirectUri, state, scopes, resource: mcpUrl, codeChallenge, dpopJkt };
}

/** The parameters by which a client would ask the same again. RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 8707 §2. */
export function parametersOf(request: AuthorizationRequest): Readonly<Record<string, string>> {
  const { clientId, redirectUri, state, scopes, resource, codeChallenge, dpopJkt } = request;
  return {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    ...(state === undefined ? {} : { state }),
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
    ...(dpopJkt === undefined ? {} : { dpop_jkt: dpopJkt }),
    resource,
  };
}

/** What is needed to answer a client through the browser. */
export type ReturnAddress = {
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly issuer: string;
};

/** The address that takes a code to the client. RFC 6749 §4.1.2, RFC 9207 §2. */
export function codeRedirect({ redirectUri, state, issuer }: ReturnAddress, code: string): string {
  return withParameters(redirectUri, { code, state, iss: issuer });
}

/** The address that takes a refusal to the client. RFC 6749 §4.1.2.1, RFC 9207 §2. */
export function errorRedirect({ redirectUri, state, issuer }: ReturnAddress, error: OAuthError): string {
  return withParameters(redirectUri, { error: error.code, error_description: error.message, state, iss: issuer });
}
