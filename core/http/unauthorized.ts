import { mcpOrigin } from '#core/issuer.ts';
import { challengeOf, type Scheme } from '#core/oauth/challenge.ts';
import { initialScopes } from '#core/oauth/permission.ts';
import { documentPaths } from '#core/routes.ts';
import { scopes as catalogue, needsDpop, tools } from '#generated';
import { jsonRpcError } from './json-rpc.ts';
import { challenge, type Response } from './response.ts';

/** Where the MCP endpoint says how to sign in. RFC 9728 §3.1. */
const resourceMetadata = `${mcpOrigin}${documentPaths.protectedResourceOfMcp}`;

const scopes = initialScopes(tools, catalogue);

type How = {
  /** How the next token has to be shown, if not as the settings have it. */
  readonly scheme?: Scheme;
  readonly error?: 'invalid_token' | 'invalid_dpop_proof' | 'use_dpop_nonce';
  readonly nonce?: string | undefined;
};

/**
 * Sends the client to sign in: for the first time, or because its token is of no use any more; or to show its token in
 * another way. RFC 6750 §3, RFC 9449 §7.1.
 */
export function unauthorized(
  description?: string,
  { scheme = needsDpop ? 'DPoP' : 'Bearer', error = 'invalid_token', nonce }: How = {},
): Response {
  const failure = description === undefined ? {} : { error, description };
  const value = challengeOf({ scheme, resourceMetadata, scopes, ...failure });
  const headers = { ...challenge(value), ...(nonce !== undefined && { 'dpop-nonce': nonce }) };
  return { ...jsonRpcError(401, description ?? 'Sign in to use this server', 401, headers), reason: description };
}
