import { countEvent } from '#core/http/metrics.ts';
import type { Request } from '#core/http/request.ts';
import { callingNetwork } from '#core/http/source.ts';
import { mcpUrl } from '#core/issuer.ts';
import { OAuthError, tooManyRequests } from '#core/oauth/error.ts';
import { newGrantId } from '#core/oauth/grant.ts';
import { startRatchet } from '#core/oauth/refresh-token.ts';
import type { DatedPrincipal, Grant } from '#core/oauth/types.ts';
import { record } from '#core/record.ts';
import { audited } from '#core/store/audit.ts';
import { newGrant } from '#core/store/grants.ts';
import { requirePerson } from '#core/store/people.ts';
import { count } from '#core/store/rates.ts';
import { unavailable } from '#core/store/reach.ts';
import { type Occasion, prolong, type Standing, stand, standingLookup } from '#core/store/standing-grants.ts';
import { findAll } from '#core/store/table.ts';
import { lifetimes, limits } from '#generated';
import { accessTokenOf, type Tokens } from './tokens.ts';

/** A grant outlives its last token a little, as requests may be recorded in another order than they came. */
const SLACK_SECONDS = 60;
const MOST_TRIES = 3;

/** For whom, and for what, tokens are given without anybody being asked. */
export type Basis = Occasion & {
  readonly principal: DatedPrincipal;
  /** The most that the grant allows. */
  readonly grantScopes: readonly string[];
  /** What this token allows. */
  readonly scopes: readonly string[];
  readonly standing: Standing | undefined;
};

/**
 * Gives an access token, and no refresh token, under the grant that serves on such an occasion, or a new one if that has
 * ended. RFC 6749 §4.4.3.
 */
export async function issueStanding(basis: Basis, request: Request): Promise<Tokens> {
  const { subject } = basis;
  const wait = await count([{ limit: 'tokensPerMachine', subject, windows: limits.tokensPerMachine }], request.now);
  if (wait !== undefined) throw tooManyRequests(wait);
  return issue(basis, request, 1);
}

async function issue(basis: Basis, request: Request, tries: number): Promise<Tokens> {
  const { standing, scopes } = basis;
  const grant = grantOf(standing?.grantId ?? newGrantId(basis.subject), basis, request);
  const tokens = { ...(await accessTokenOf(grant, scopes, request.now)), refresh_token: undefined };
  if (standing && (await use(grant, basis, request))) return tokens;
  if (standing) return begin(grantOf(newGrantId(basis.subject), basis, request), basis, request, tries);
  return begin(grant, basis, request, tries, tokens);
}

/** True if the grant has not ended, and lives on. */
async function use(grant: Grant, { principal, means }: Basis, request: Request): Promise<boolean> {
  const { id: grantId, clientId } = grant;
  const outcome = await record([
    requirePerson(principal),
    prolong(grant, request.now),
    audited(principal, { event: 'grant_use', clientId, grantId, means }, request.nowMilliseconds),
  ]);
  if (!outcome.done && outcome.failed === 0) throw gone();
  return outcome.done;
}

/** Begins a grant. If another request does at this moment, that one's grant serves. */
async function begin(grant: Grant, basis: Basis, request: Request, tries: number, signed?: Tokens): Promise<Tokens> {
  const { principal, means, scopes, standing } = basis;
  const { id: grantId, clientId } = grant;
  const tokens = signed ?? { ...(await accessTokenOf(grant, scopes, request.now)), refresh_token: undefined };
  const outcome = await record([
    requirePerson(principal),
    stand(basis, grant, standing, request.now),
    ...newGrant(grant, request.now + lifetimes.grantSeconds),
    audited(principal, { event: 'grant', clientId, grantId, means }, request.nowMilliseconds),
  ]);
  if (outcome.done) {
    countEvent('Grants');
    return tokens;
  }
  if (outcome.failed === 0) throw gone();
  if (tries >= MOST_TRIES) throw unavailable('others began grants each time');
  const [newest] = await findAll([standingLookup(basis)], request.now);
  return issue({ ...basis, standing: newest }, request, tries + 1);
}

/** The token of its ratchet is given to nobody: it only says when and from where the grant was used last. */
function grantOf(id: string, { principal, clientId, means, grantScopes: scopes }: Basis, request: Request): Grant {
  const { now } = request;
  const { subject, tenant, era } = principal;
  return {
    id,
    means,
    subject,
    tenant,
    era,
    clientId,
    scopes,
    resource: mcpUrl,
    ratchet: startRatchet(id, { now, network: callingNetwork(request) }).ratchet,
    createdAt: now,
    expiresAt: now + lifetimes.accessTokenSeconds + SLACK_SECONDS,
    revokedAt: undefined,
  };
}

function gone(): OAuthError {
  return new OAuthError('invalid_grant', 'Access has been taken away', 400, { cause: 'it was disabled or removed' });
}
