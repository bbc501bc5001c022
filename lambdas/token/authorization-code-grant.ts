import { authenticate } from '#core/authenticate.ts';
import { countEvent } from '#core/http/metrics.ts';
import type { Parameters } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { callingNetwork } from '#core/http/source.ts';
import { judgeAuthorizationCode, notValid } from '#core/oauth/authorization-code.ts';
import type { ClientCredentials } from '#core/oauth/client-authentication.ts';
import { sha256 } from '#core/oauth/digest.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { startRatchet } from '#core/oauth/refresh-token.ts';
import type { AuthorizationCode, Client, Grant } from '#core/oauth/types.ts';
import { record } from '#core/record.ts';
import { audited } from '#core/store/audit.ts';
import { codeLookup, takeCode } from '#core/store/authorization-codes.ts';
import { clientLookup, outlive } from '#core/store/clients.ts';
import { denialLookups, unlessDenied } from '#core/store/denials.ts';
import { endGrant, newGrant } from '#core/store/grants.ts';
import { requirePerson } from '#core/store/people.ts';
import { requireVisit } from '#core/store/sessions.ts';
import { findAll } from '#core/store/table.ts';
import { lifetimes } from '#generated';
import { requireKey, requireKeyIn, type TokenRequest } from './binding.ts';
import { refuseMadeUp } from './made-up.ts';
import { orAudited } from './or-audited.ts';
import { accessTokenOf, grantEndsAt, type Tokens } from './tokens.ts';

/** The authorization code grant: a code becomes a grant and its first tokens. RFC 6749 §4.1.3, RFC 7636 §4.6. */
export async function redeemAuthorizationCode(
  sent: Parameters,
  credentials: ClientCredentials,
  request: TokenRequest,
): Promise<Tokens> {
  const { now } = request;
  const codeHash = sha256(sent.code ?? '');
  const { clientId } = credentials;
  const lookups = [clientLookup(clientId), codeLookup(codeHash), ...denialLookups(clientId)] as const;
  const [found, code, ...denials] = await findAll(lookups, now);
  const registration = await authenticate(unlessDenied(found, denials), credentials, request);
  const { client } = registration;
  requireKey(client.dpopBoundAccessTokens, 'The client', request);
  if (!sent.code) throw new OAuthError('invalid_request', 'code is required');
  if (!code) return refuseMadeUp(request, notValid('no such code'));
  const judged = await orAudited({ ...code, clientId: client.id }, request, () =>
    judgeAuthorizationCode(code, {
      clientId: client.id,
      redirectUri: sent.redirect_uri,
      verifier: sent.code_verifier,
      resources: sent.resources,
      jkt: request.key?.jkt,
      now,
    }),
  );
  if (judged.verdict === 'replayed') return endReplayed(judged.code, request);
  const { grant, refreshToken } = grantOf(judged.code, request);
  const [tokens] = await Promise.all([
    accessTokenOf(grant, grant.scopes, request),
    requireKeyIn(grant.tenant, request),
  ]);
  const outcome = await record([
    takeCode(codeHash, now),
    requirePerson(grant),
    ...requireVisit(judged.code.visit),
    ...newGrant(grant, now + lifetimes.grantSeconds),
    ...outlive(registration, now + lifetimes.grantSeconds),
    audited(grant, { event: 'grant', clientId: client.id, grantId: grant.id }, request.nowMilliseconds),
  ]);
  if (outcome.done) {
    countEvent('Grants');
    return { ...tokens, refresh_token: mayRefresh(client) ? refreshToken : undefined };
  }
  if (outcome.failed === 0) return endReplayed(judged.code, request);
  throw notValid('the person may no longer sign in, or has ended what was begun before');
}

function grantOf(
  code: AuthorizationCode,
  request: TokenRequest,
): { readonly grant: Grant; readonly refreshToken: string } {
  const { grantId: id, subject, tenant, era, clientId, scopes, resource } = code;
  const { now, key } = request;
  const { ratchet, token } = startRatchet(id, { now, network: callingNetwork(request) });
  const principal = { subject, tenant, era };
  const grant = {
    id,
    ...principal,
    clientId,
    scopes,
    resource,
    ratchet,
    createdAt: now,
    revokedAt: undefined,
    jkt: key?.jkt,
  };
  return { grant: { ...grant, expiresAt: grantEndsAt(now, now) }, refreshToken: token };
}

function mayRefresh({ grantTypes }: Client): boolean {
  return grantTypes.includes('refresh_token');
}

/** Somebody with a copy of the code may have its tokens too, so the grant ends. RFC 6749 §4.1.2. */
async function endReplayed(code: AuthorizationCode, { now, nowMilliseconds }: Request): Promise<never> {
  const { grantId, clientId } = code;
  await record([endGrant(grantId, now), audited(code, { event: 'code_replay', clientId, grantId }, nowMilliseconds)]);
  throw notValid('the code was redeemed before');
}
