import { authenticate } from '#core/authenticate.ts';
import { callingClient } from '#core/http/client-credentials.ts';
import { endpoint } from '#core/http/endpoint.ts';
import { form, parameters } from '#core/http/parameters.ts';
import { empty } from '#core/http/response.ts';
import { issuer, mcpUrl } from '#core/issuer.ts';
import { publicKeys } from '#core/keys/public-keys.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { isGenuine, parseRefreshToken } from '#core/oauth/refresh-token.ts';
import { accessTokenVerifier } from '#core/oauth/verify-access-token.ts';
import { record } from '#core/record.ts';
import { audited } from '#core/store/audit.ts';
import { clientLookup } from '#core/store/clients.ts';
import { endGrant, grantLookup } from '#core/store/grants.ts';
import { findAll } from '#core/store/table.ts';

const verifyAccessToken = accessTokenVerifier(publicKeys);

/** Revocation: any token of a grant ends the grant. A token that is not the client's changes nothing. RFC 7009 §2. */
export const handler = endpoint(async (request) => {
  const { now, nowMilliseconds } = request;
  const sent = parameters(form(request));
  const credentials = callingClient(request, sent);
  const refreshToken = parseRefreshToken(sent.token ?? '');
  const accessToken = await verifyAccessToken(sent.token ?? '', { issuer, resource: mcpUrl, now });
  const grantId = refreshToken?.grantId ?? accessToken?.grantId ?? '-';
  const [found, grant] = await findAll([clientLookup(credentials.clientId), grantLookup(grantId)], now);
  const { client } = await authenticate(found, credentials, request);
  if (!sent.token) throw new OAuthError('invalid_request', 'token is required');
  const isOwn =
    grant?.clientId === client.id && (accessToken || (refreshToken && isGenuine(refreshToken, grant.ratchet)));
  if (!isOwn) return empty(200);
  const event = { event: 'revocation', clientId: client.id, grantId: grant.id } as const;
  await record([endGrant(grant.id, now), audited(grant, event, nowMilliseconds)]);
  return empty(200);
});
