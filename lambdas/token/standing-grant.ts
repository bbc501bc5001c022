import { countEvent } from '#core/http/metrics.ts';
import { callingNetwork } from '#core/http/source.ts';
import { mcpUrl } from '#core/issuer.ts';
import { tooManyRequests } from '#core/oauth/error.ts';
import { newGrantId, newTrustedGrantId } from '#core/oauth/grant.ts';
import { startRatchet } from '#core/oauth/refresh-token.ts';
import type { DatedPrincipal, Grant } from '#core/oauth/types.ts';
import { record } from '#core/record.ts';
import { audited } from '#core/store/audit.ts';
import { newGrant } from '#core/store/grants.ts';
import { requirePerson } from '#core/store/people.ts';
import { count } from '#core/store/rates.ts';
import { unavailable } from '#core/store/reach.ts';
import { type Occasion, prolong, type Standing, stand, standingLookup } from '#core/store/standing-grants.ts';
import { findAll, type Write } from '#core/store/table.ts';
import { lifetimes, limits } from '#generated';
import type { TokenRequest } from './binding.ts';
import { accessTokenOf, type Tokens } from './tokens.ts';

/** A grant outlives its last token a little, as requests may be recorded in another order than they came. */
const SLACK_SECONDS = 60;
const MOST_TRIES = 3;

/** Why an assertion is refused that was shown before. */
export const usedBefore = 'it was used before';

/** For whom, and for what, tokens are given without anybody being asked. */
export type Basis = {
  readonly occasion: Occasion;
  readonly principal: DatedPrincipal;
  /** The trust that a person's grant hangs on, as it was when that was checked. A workload's profile is its trust's. */
  readonly trust?: (DatedPrincipal & { readonly id: string }) | undefined;
  /** The most that the grant allows. */
  readonly grantScopes: readonly string[];
  /** What this token allows. */
  readonly scopes: readonly string[];
  readonly standing: Standing | undefined;
  /** Takes the assertion that it came of: fails where that was used before. */
  readonly once?: Write | undefined;
  /** What else is written with it, and whether that makes the principal. */
  readonly writes?: readonly Write[];
  readonly isNew?: boolean;
  /** Looks again at all of this, as another request may have been quicker. */
  readonly again?: () => Promise<Basis>;
  /** Refuses it for a reason that is not for the caller. */
  readonly refuse: (reason: string) => Promise<never>;
};

/**
 * Gives an access token, and no refresh token, under the grant that serves on such an occasion, or a new one if that has
 * ended. RFC 6749 §4.4.3.
 */
export async function issueStanding(basis: Basis, request: TokenRequest): Promise<Tokens> {
  const { subject } = basis.occasion;
  const wait = await count([{ limit: 'tokensPerPrincipal', subject, windows: limits.tokensPerPrincipal }], request.now);
  if (wait !== undefined) throw tooManyRequests(wait);
  return issue(basis, request, 1);
}

async function issue(basis: Basis, request: TokenRequest, tries: number): Promise<Tokens> {
  const { standing, scopes } = basis;
  if (!standing) return begin(basis, request, tries);
  const grant = grantOf(standing.grantId, basis, request);
  const tokens = { ...(await accessTokenOf(grant, scopes, request)), refresh_token: undefined };
  return (await use(grant, basis, request)) ? tokens : begin(basis, request, tries);
}

/** True if the grant has not ended, and lives on. */
async function use(grant: Grant, basis: Basis, request: TokenRequest): Promise<boolean> {
  const { principal, occasion } = basis;
  const { id: grantId, clientId } = grant;
  const conditions = conditionsOf(basis);
  const outcome = await record([
    ...conditions,
    prolong(grant, request.now),
    audited(principal, { event: 'grant_use', clientId, grantId, means: occasion.means }, request.nowMilliseconds),
    ...(basis.writes ?? []),
  ]);
  if (!outcome.done && outcome.failed < conditions.length) return refused(basis, outcome.failed);
  return outcome.done;
}

/** Begins a grant. If another request does at this moment, that one's grant serves. */
async function begin(basis: Basis, request: TokenRequest, tries: number): Promise<Tokens> {
  const { principal, occasion, scopes, standing, trust } = basis;
  const { subject } = occasion;
  const grant = grantOf(trust ? newTrustedGrantId(subject, trust.id) : newGrantId(subject), basis, request);
  const { id: grantId, clientId } = grant;
  const tokens = { ...(await accessTokenOf(grant, scopes, request)), refresh_token: undefined };
  const conditions = conditionsOf(basis);
  const outcome = await record([
    ...conditions,
    stand(occasion, grant, standing, request.now),
    ...newGrant(grant, request.now + lifetimes.grantSeconds),
    audited(principal, { event: 'grant', clientId, grantId, means: occasion.means }, request.nowMilliseconds),
    ...(basis.writes ?? []),
  ]);
  if (outcome.done) {
    countEvent('Grants');
    return tokens;
  }
  if (outcome.failed < conditions.length) return refused(basis, outcome.failed);
  if (tries >= MOST_TRIES) throw unavailable('others began grants each time');
  const next = await (basis.again ? basis.again() : withNewest(basis, request.now));
  return issue(next, request, tries + 1);
}

async function withNewest(basis: Basis, now: number): Promise<Basis> {
  const [standing] = await findAll([standingLookup(basis.occasion)], now);
  return { ...basis, standing };
}

/** What must still be so: an assertion not used before, the trust as it was, and the person unless they are made here. */
function conditionsOf({ once, trust, principal, isNew = false }: Basis): readonly Write[] {
  return [
    ...(once ? [once] : []),
    ...(trust ? [requirePerson(trust)] : []),
    ...(isNew ? [] : [requirePerson(principal)]),
  ];
}

function refused({ once, refuse }: Basis, failed: number): Promise<never> {
  return refuse(once && failed === 0 ? usedBefore : 'it was disabled or removed');
}

/** The token of its ratchet is given to nobody: it only says when and from where the grant was used last. */
function grantOf(id: string, { principal, occasion, trust, grantScopes: scopes }: Basis, request: TokenRequest): Grant {
  const { now } = request;
  const { subject, tenant, era } = principal;
  const { clientId, means } = occasion;
  return {
    id,
    means,
    trust: trust && { id: trust.id, era: trust.era },
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
    jkt: request.key?.jkt,
  };
}
