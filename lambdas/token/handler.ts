import { callingClient } from '#core/http/client-credentials.ts';
import { endpoint, type Form } from '#core/http/endpoint.ts';
import { oauthJson } from '#core/http/oauth-json.ts';
import { form, type Parameters, parameters } from '#core/http/parameters.ts';
import { json } from '#core/http/response.ts';
import { issuer } from '#core/issuer.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { jwtBearerGrant } from '#core/oauth/identity-assertion.ts';
import { nonceHeader, ProofRefused, provenKey } from '#core/proof.ts';
import { paths } from '#core/routes.ts';
import { needsDpop } from '#generated';
import { redeemAssertion } from './assertion-grant.ts';
import { redeemAuthorizationCode } from './authorization-code-grant.ts';
import { requireKey, type TokenRequest } from './binding.ts';
import { redeemClientCredentials } from './client-credentials-grant.ts';
import { redeemRefreshToken } from './refresh-token-grant.ts';
import type { Tokens } from './tokens.ts';

const grants = new Map([
  ['authorization_code', redeemAuthorizationCode],
  ['refresh_token', redeemRefreshToken],
  ['client_credentials', redeemClientCredentials],
]);

const urls = [`${issuer}${paths.token}`] as const;

/** Errors are as everywhere, with the nonce for the next proof where one is to be sent. RFC 9449 §8. */
const tokenForm: Form = {
  ...oauthJson,
  answerError: (error) => {
    const { headers, ...response } = oauthJson.answerError(error);
    return {
      ...response,
      headers: { ...headers, ...nonceHeader(error instanceof ProofRefused ? error.nonce : undefined) },
    };
  },
};

/** Token endpoint. RFC 6749 §3.2, RFC 9449 §5. */
export const handler = endpoint(async (request) => {
  const sent = parameters(form(request));
  if (!sent.grant_type) throw new OAuthError('invalid_request', 'grant_type is required');
  const key = await provenKey(request, { urls });
  const asked = { ...request, key };
  requireKey(needsDpop, 'This server', asked);
  const tokens = await redeemed(sent.grant_type, sent, asked);
  return json(tokens, 200, { pragma: 'no-cache', ...nonceHeader(key?.nonce) });
}, tokenForm);

/** An assertion may come from a program that is no client at all. */
function redeemed(grantType: string, sent: Parameters, request: TokenRequest): Promise<Tokens> {
  if (grantType === jwtBearerGrant) return redeemAssertion(sent, request);
  const redeem = grants.get(grantType);
  if (!redeem) throw new OAuthError('unsupported_grant_type', 'grant_type is not supported');
  return redeem(sent, callingClient(request, sent), request);
}
