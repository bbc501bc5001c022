import { mcpOrigin } from '#core/issuer.ts';
import { bearerChallenge } from '#core/oauth/challenge.ts';
import { initialScopes } from '#core/oauth/permission.ts';
import { paths } from '#core/routes.ts';
import { scopes as catalogue, tools } from '#generated';
import { jsonRpcError } from './json-rpc.ts';
import { challenge, type Response } from './response.ts';

/** Where the MCP endpoint says how to sign in. RFC 9728 §3.1. */
const resourceMetadata = `${mcpOrigin}${paths.protectedResourceOfMcp}`;

const scopes = initialScopes(tools, catalogue);

/** Sends the client to sign in: for the first time, or because its token is of no use any more. RFC 6750 §3. */
export function unauthorized(description?: string): Response {
  const error = description === undefined ? {} : ({ error: 'invalid_token', description } as const);
  const value = bearerChallenge({ resourceMetadata, scopes, ...error });
  const refusal = jsonRpcError(401, description ?? 'Sign in to use this server', 401, challenge(value));
  return { ...refusal, reason: description };
}
