import { OAuthError, refreshAuthorization } from '@modelcontextprotocol/client';
import type { Discovered } from '../shared/discovery.ts';
import { Failure } from '../shared/failure.ts';
import { nowSeconds, type Tokens, tokensFrom } from '../shared/tokens.ts';
import type { Wire } from '../shared/wire.ts';
import type { Connection } from './token-store.ts';

/** Tokens are renewed a little early, since a request takes time too. */
const EARLY_SECONDS = 30;

/** True if an access token is not worth sending any more. */
export function hasExpired({ expires_at }: Tokens): boolean {
  return expires_at !== undefined && expires_at - EARLY_SECONDS <= nowSeconds();
}

/**
 * The connection with fresh tokens; without tokens when the grant has ended; nothing when the server no longer knows
 * the client, or another server has taken its place. Any other failure leaves the tokens as they are. RFC 6749 §6.
 */
export async function refreshed(
  connection: Connection,
  server: Discovered,
  wire: Wire,
): Promise<Connection | undefined> {
  const { tokens, client, ...rest } = connection;
  if (server.issuer !== connection.issuer) return undefined;
  if (!tokens?.refresh_token) return { ...rest, client };
  try {
    const answer = await refreshAuthorization(server.issuer, {
      metadata: server.metadata,
      clientInformation: client,
      refreshToken: tokens.refresh_token,
      resource: server.resource,
      fetchFn: wire,
    });
    return { ...connection, tokens: tokensFrom(answer, tokens.scope) };
  } catch (error) {
    if (isOAuthError(error, 'invalid_grant')) return { ...rest, client };
    if (isOAuthError(error, 'invalid_client')) return undefined;
    throw error;
  }
}

/** Ends the grant at the server. RFC 7009 §2.1. */
export async function revoke(
  { client, tokens }: Connection,
  { revocationEndpoint }: Discovered,
  wire: Wire,
): Promise<void> {
  if (!tokens || !revocationEndpoint) return;
  const { access_token, refresh_token } = tokens;
  const token_type_hint = refresh_token ? 'refresh_token' : 'access_token';
  const response = await wire(revocationEndpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form({ ...client, token: refresh_token ?? access_token, token_type_hint }),
  });
  if (!response.ok) throw new Failure(`The server did not revoke the tokens (${response.status}).`);
}

/** True if the token endpoint answered with this error code. RFC 6749 §5.2. */
export function isOAuthError(error: unknown, code: string): boolean {
  return error instanceof OAuthError && error.code === code;
}

function form(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(given).toString();
}
