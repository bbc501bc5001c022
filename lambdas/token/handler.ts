import { callingClient } from '#core/http/client-credentials.ts';
import { endpoint } from '#core/http/endpoint.ts';
import { form, type Parameters, parameters } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { json } from '#core/http/response.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { jwtBearerGrant } from '#core/oauth/identity-assertion.ts';
import { redeemAssertion } from './assertion-grant.ts';
import { redeemAuthorizationCode } from './authorization-code-grant.ts';
import { redeemClientCredentials } from './client-credentials-grant.ts';
import { redeemRefreshToken } from './refresh-token-grant.ts';
import type { Tokens } from './tokens.ts';

const grants = new Map([
  ['authorization_code', redeemAuthorizationCode],
  ['refresh_token', redeemRefreshToken],
  ['client_credentials', redeemClientCredentials],
]);

/** Token endpoint. RFC 6749 §3.2. */
export const handler = endpoint(async (request) => {
  const sent = parameters(form(request));
  if (!sent.grant_type) throw new OAuthError('invalid_request', 'grant_type is required');
  return json(await redeemed(sent.grant_type, sent, request), 200, { pragma: 'no-cache' });
});

/** An assertion may come from a program that is no client at all. */
function redeemed(grantType: string, sent: Parameters, request: Request): Promise<Tokens> {
  if (grantType === jwtBearerGrant) return redeemAssertion(sent, request);
  const redeem = grants.get(grantType);
  if (!redeem) throw new OAuthError('unsupported_grant_type', 'grant_type is not supported');
  return redeem(sent, callingClient(request, sent), request);
}
