import { callingClient } from '#core/http/client-credentials.ts';
import { endpoint } from '#core/http/endpoint.ts';
import { form, parameters } from '#core/http/parameters.ts';
import { json } from '#core/http/response.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { redeemAuthorizationCode } from './authorization-code-grant.ts';
import { redeemClientCredentials } from './client-credentials-grant.ts';
import { redeemRefreshToken } from './refresh-token-grant.ts';

const grants = new Map([
  ['authorization_code', redeemAuthorizationCode],
  ['refresh_token', redeemRefreshToken],
  ['client_credentials', redeemClientCredentials],
]);

/** Token endpoint. RFC 6749 §3.2. */
export const handler = endpoint(async (request) => {
  const sent = parameters(form(request));
  if (!sent.grant_type) throw new OAuthError('invalid_request', 'grant_type is required');
  const redeem = grants.get(sent.grant_type);
  if (!redeem) throw new OAuthError('unsupported_grant_type', 'grant_type is not supported');
  const tokens = await redeem(sent, callingClient(request, sent), request);
  return json(tokens, 200, { pragma: 'no-cache' });
});
