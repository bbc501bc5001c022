import { authenticate } from '#core/authenticate.ts';
import { countEvent } from '#core/http/metrics.ts';
import type { Parameters } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { callingNetwork } from '#core/http/source.ts';
import type { ClientCredentials } from '#core/oauth/client-authentication.ts';
import { requireSameKey } from '#core/oauth/dpop.ts';
import { stillCounts } from '#core/oauth/era.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { subjectOf } from '#core/oauth/grant.ts';
import {
  isFromElsewhere,
  isGenuine,
  judgeRefreshToken,
  networkMark,
  parseRefreshToken,
  type RefreshToken,
  successorOf,
  turnRatchet,
} from '#core/oauth/refresh-token.ts';
import { requireOwnResource } from '#core/oauth/resource.ts';
import { narrowedScopes } from '#core/oauth/scope.ts';
import type { Client, Grant } from '#core/oauth/types.ts';
import { record } from '#core/record.ts';
import { audited } from '#core/store/audit.ts';
import { clientLookup } from '#core/store/clients.ts';
import { denialLookups, unlessDenied } from '#core/store/denials.ts';
import { endGrant, grantLookup, noted, rotate } from '#core/store/grants.ts';
import { type Person, personLookup } from '#core/store/people.ts';
import { findAll, type Write } from '#core/store/table.ts';
import { scopes as catalogue, lifetimes, refuseRepeatsFromElsewhere } from '#generated';
import { requireKey, requireKeyIn, type TokenRequest } from './binding.ts';
import { refuseMadeUp } from './made-up.ts';
import { orAudited } from './or-audited.ts';
import { countRepeat } from './repeats.ts';
import { accessTokenOf, grantEndsAt, type Tokens } from './tokens.ts';

/** The refresh token grant: a spent token becomes its successor. RFC 6749 §6, RFC 9700 §4.14.2. */
export async function redeemRefreshToken(
  sent: Parameters,
  credentials: ClientCredentials,
  request: TokenRequest,
): Promise<Tokens> {
  const { now } = request;
  const token = parseRefreshToken(sent.refresh_token ?? '');
  const grantId = token?.grantId ?? '-';
  const { clientId } = credentials;
  const lookups = [
    clientLookup(clientId),
    grantLookup(grantId),
    personLookup(subjectOf(grantId)),
    ...denialLookups(clientId),
  ] as const;
  const [found, grant, person, ...denials] = await findAll(lookups, now);
  const { client } = await authenticate(unlessDenied(found, denials), credentials, request);
  requireKey(client.dpopBoundAccessTokens, 'The client', request);
  if (!client.grantTypes.includes('refresh_token')) {
    throw new OAuthError('unauthorized_client', 'The client did not register for the refresh_token grant');
  }
  if (!sent.refresh_token) throw new OAuthError('invalid_request', 'refresh_token is required');
  if (!token || !grant || !isGenuine(token, grant.ratchet)) return refuseMadeUp(request, notValid('no such token'));
  const concerned = { ...grant, grantId, clientId: client.id };
  await orAudited(concerned, request, () => requireHolder(grant, client, person));
  const verdict = await admit(token, grant, request);
  const isProven = credentials.secret !== undefined || credentials.assertion !== undefined;
  await orAudited(concerned, request, () => requireSameKey(grant.jkt, { jkt: request.key?.jkt, isProven }));
  const repeat = verdict === 'repeat' ? await countRepeat(token, request) : undefined;
  if (verdict === 'repeat') await requireSameNetwork(grant, request);
  const scopes = await orAudited(concerned, request, () => {
    requireOwnResource(sent.resources, grant.resource);
    return narrowedScopes(sent.scope, grant.scopes, catalogue);
  });
  const [accessToken] = await Promise.all([accessTokenOf(grant, scopes, request), requireKeyIn(grant.tenant, request)]);
  return { ...accessToken, refresh_token: await spend(token, grant, request, repeat) };
}

function requireHolder(grant: Grant, client: Client, person: Person | undefined): void {
  if (grant.clientId !== client.id) throw notValid('the token of another client');
  if (!stillCounts(grant, person))
    throw notValid('the person may no longer sign in, or everything of theirs was ended');
}

/** Lets the current token and its repetition pass. Ends the grant when the token was spent long ago. */
async function admit(token: RefreshToken, grant: Grant, request: Request): Promise<'current' | 'repeat'> {
  if (grant.revokedAt !== undefined || grant.expiresAt <= request.now) throw notValid('the grant has ended');
  const verdict = judgeRefreshToken(token, grant.ratchet, request.now, lifetimes.repeatWindowSeconds);
  switch (verdict) {
    case 'current':
    case 'repeat':
      return verdict;
    case 'stolen':
      await record([endGrant(grant.id, request.now), auditedAs('refresh_theft', grant, request)]);
      countEvent('RefreshThefts');
      throw notValid('the token was spent long ago, so two parties hold it');
    case 'late':
      await record([noted(grant, 'lateAt'), auditedAs('refresh_late', grant, request)]);
      throw notValid('the token was spent, and so was its successor');
    case 'unknown':
      return refuseMadeUp(request, notValid('the token is made up'));
  }
}

/**
 * Gives the successor of a token. If another request spends it first, this one repeats it and gets the same one. A repeat
 * is counted once: here, if it was none when the grant was read.
 */
async function spend(token: RefreshToken, grant: Grant, request: Request, counted?: boolean): Promise<string> {
  if ((await admit(token, grant, request)) === 'repeat') {
    const isFirst = counted ?? (await countRepeat(token, request));
    await requireSameNetwork(grant, request);
    await recordRepeat(grant, isFirst, request);
    return successorOf(token, grant.ratchet);
  }
  const ratchet = turnRatchet(grant.ratchet, token, { now: request.now, network: callingNetwork(request) });
  const outcome = await rotate(grant, ratchet, grantEndsAt(grant.createdAt, request.now));
  if (outcome.done) return successorOf(token, ratchet);
  if (!outcome.item) throw notValid('the grant has ended');
  return spend(token, outcome.item, request);
}

/** Refuses a repetition from another network, before anything is signed for it, where the operator lets none pass. */
async function requireSameNetwork(grant: Grant, request: Request): Promise<void> {
  if (!refuseRepeatsFromElsewhere || !isFromElsewhere(grant.ratchet, callingNetwork(request))) return;
  await recordElsewhere(grant, 'refused', request);
  throw notValid('the token was spent from another network');
}

/** Records a repetition that is answered. */
async function recordRepeat(grant: Grant, isFirst: boolean, request: Request): Promise<void> {
  if (isFromElsewhere(grant.ratchet, callingNetwork(request))) await recordElsewhere(grant, 'given', request);
  else if (isFirst) await record([auditedAs('refresh_repeat', grant, request)]);
}

/**
 * Records once for each rotation that its token came again from another network: the client may have changed it, or
 * somebody else may be in step with the client.
 */
async function recordElsewhere(grant: Grant, answer: 'given' | 'refused', request: Request): Promise<void> {
  const { id: grantId, clientId, ratchet } = grant;
  const repeatedFrom = networkMark(ratchet.tagKey, callingNetwork(request));
  const networks = { rotatedFrom: ratchet.network ?? '', repeatedFrom };
  const event = { event: 'refresh_elsewhere', clientId, grantId, ...networks, answer } as const;
  const { done } = await record([noted(grant, 'elsewhereAt'), audited(grant, event, request.nowMilliseconds)]);
  if (done) countEvent('RefreshesElsewhere');
}

function auditedAs(
  event: 'refresh_repeat' | 'refresh_theft' | 'refresh_late',
  grant: Grant,
  { nowMilliseconds }: Request,
): Write {
  return audited(grant, { event, clientId: grant.clientId, grantId: grant.id }, nowMilliseconds);
}

/** The one refusal of a refresh token: the same words whatever is wrong with it. */
function notValid(cause: string): OAuthError {
  return new OAuthError('invalid_grant', 'The refresh token is not valid', 400, { cause });
}
