import { authenticate } from '#core/authenticate.ts';
import { callingClient } from '#core/http/client-credentials.ts';
import { endpoint } from '#core/http/endpoint.ts';
import { form, parameters } from '#core/http/parameters.ts';
import { json } from '#core/http/response.ts';
import { issuer, mcpUrl } from '#core/issuer.ts';
import { publicKeys } from '#core/keys/public-keys.ts';
import { notAuthenticated } from '#core/oauth/client-authentication.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { subjectOf } from '#core/oauth/grant.ts';
import { parseRefreshToken } from '#core/oauth/refresh-token.ts';
import { accessTokenVerifier } from '#core/oauth/verify-access-token.ts';
import { clientLookup } from '#core/store/clients.ts';
import { contextIn, contextLookups } from '#core/store/grant-context.ts';
import { findAll } from '#core/store/table.ts';
import { describeAccessToken, describeRefreshToken } from './describe.ts';

const verifyAccessToken = accessTokenVerifier(publicKeys);

/** Introspection, for clients that prove who they are: their own tokens; for resource servers every access token. RFC 7662 §2. */
export const handler = endpoint(async (request) => {
  const { now } = request;
  const sent = parameters(form(request));
  const credentials = callingClient(request, sent);
  const isAnonymous = credentials.secret === undefined && credentials.assertion === undefined;
  if (isAnonymous) throw notAuthenticated('a public client proves nothing');
  const refreshToken = parseRefreshToken(sent.token ?? '');
  const accessToken = await verifyAccessToken(sent.token ?? '', { issuer, resource: mcpUrl, now });
  const grantId = accessToken?.grantId ?? refreshToken?.grantId ?? '-';
  const claimed = { grantId, subject: subjectOf(grantId), tenant: accessToken?.tenant };
  const lookups = [clientLookup(credentials.clientId), ...contextLookups(claimed)] as const;
  const [found, ...known] = await findAll(lookups, now);
  const { client } = await authenticate(found, credentials, request);
  if (!sent.token) throw new OAuthError('invalid_request', 'token is required');
  const context = { ...contextIn(known), client, now };
  const description = accessToken
    ? describeAccessToken(accessToken, context)
    : refreshToken && describeRefreshToken(refreshToken, context);
  return json(description ?? { active: false });
});
