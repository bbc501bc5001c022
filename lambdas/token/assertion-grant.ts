import { authenticate } from '#core/authenticate.ts';
import { callingClient } from '#core/http/client-credentials.ts';
import type { Parameters } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { issuer, mcpUrl } from '#core/issuer.ts';
import { issuerKeys } from '#core/issuer-keys.ts';
import { OAuthError } from '#core/oauth/error.ts';
import {
  isIdJag,
  type Proven,
  readUnchecked,
  textsIn,
  type Unchecked,
  verifyIdentityAssertion,
} from '#core/oauth/identity-assertion.ts';
import { requireOwnResource } from '#core/oauth/resource.ts';
import { type Trust, type TrustKind, trustFor } from '#core/oauth/trust.ts';
import { paths } from '#core/routes.ts';
import { takenLookup, taking } from '#core/store/assertions.ts';
import { clientLookup, hasRegisteredItself, type Registration } from '#core/store/clients.ts';
import { denialLookups, unlessDenied } from '#core/store/denials.ts';
import { standingLookup } from '#core/store/standing-grants.ts';
import { findAll } from '#core/store/table.ts';
import { type KnownIssuer, knownIssuer } from '#core/store/trusts.ts';
import { allowedScopes } from './allowed-scopes.ts';
import { arrivalOf } from './arrival.ts';
import { requireKey, requireKeyUnder, type TokenRequest } from './binding.ts';
import { refuse, type Shown } from './refused-assertion.ts';
import { type Basis, issueStanding, usedBefore } from './standing-grant.ts';
import type { Tokens } from './tokens.ts';

/**
 * The JWT bearer grant: an issuer that a tenant trusts says which of its people, or which program of its platform, calls.
 * RFC 7523 §2.1; draft-ietf-oauth-identity-assertion-authz-grant-03 §6; SEP-1933.
 */
export async function redeemAssertion(sent: Parameters, request: TokenRequest): Promise<Tokens> {
  const { assertion } = sent;
  if (!assertion) throw new OAuthError('invalid_request', 'assertion is required');
  const unchecked = readUnchecked(assertion);
  const kind = kindOf(sent, unchecked, request);
  const registration = kind === 'id-jag' ? await requireClient(sent, request) : undefined;
  const shown: Shown = { issuer: unchecked?.issuer ?? '', registration, request };
  if (!unchecked) return refuse('it is no signed JWT, or too long', shown);
  const known = await knownIssuer(unchecked.issuer);
  const trust = trustFor(
    known.trusts.filter((one) => one.kind === kind),
    unchecked.claims,
  );
  if (trust === 'none') return refuse(`no tenant trusts this issuer for ${kind} with what the assertion says`, shown);
  if (trust === 'several') return refuse('several trusts fit: add claims that tell them apart', shown);
  const proven = await prove(assertion, trust, { known, shown });
  requireOwnResource(sent.resources, mcpUrl);
  return issueStanding(await basisOf(proven, { trust, sent, shown: { ...shown, trust } }), request);
}

/** An authenticated client presents an assertion about a person; a program presents only its own. */
function kindOf(sent: Parameters, unchecked: Unchecked | undefined, { headers }: Request): TrustKind {
  const credentials = [headers.authorization, sent.client_id, sent.client_secret, sent.client_assertion];
  const showsClient = credentials.some((one) => one !== undefined);
  return showsClient || (unchecked !== undefined && isIdJag(unchecked)) ? 'id-jag' : 'workload';
}

/** Who shows an assertion about a person must prove itself, and be somebody's choice: not a client that registered itself. */
async function requireClient(sent: Parameters, request: TokenRequest): Promise<Registration> {
  const credentials = callingClient(request, sent);
  const { clientId } = credentials;
  const lookups = [clientLookup(clientId), ...denialLookups(clientId)] as const;
  const [found, ...denials] = await findAll(lookups, request.now);
  const registration = await authenticate(unlessDenied(found, denials), credentials, request);
  if (hasRegisteredItself(registration))
    throw new OAuthError(
      'unauthorized_client',
      'Only a client that the operator added, or one with a metadata document, may do this',
    );
  if (registration.client.machine)
    throw new OAuthError('unauthorized_client', 'A machine acts for itself alone: add a client for people to do this');
  if (credentials.secret === undefined && credentials.assertion === undefined)
    throw new OAuthError(
      'unauthorized_client',
      'A client must prove who it is to do this: by a secret or private_key_jwt',
    );
  requireKey(registration.client.dpopBoundAccessTokens, 'The client', request);
  return registration;
}

type Context = { readonly known: KnownIssuer; readonly shown: Shown };

async function prove(assertion: string, trust: Trust, { known, shown }: Context): Promise<Proven> {
  const { now } = shown.request;
  const found = await issuerKeys(trust, known.keysOf(trust), assertion, now);
  if ('reason' in found) return refuse(found.reason, { ...shown, trust }, 'temporarily_unavailable');
  const clientId = shown.registration?.client.id;
  const jkt = shown.request.key?.jkt;
  const audiences = audiencesOf(trust);
  const proven = await verifyIdentityAssertion(assertion, found.keys, { trust, audiences, clientId, jkt, now });
  if ('refusal' in proven) return refuse(proven.refusal, { ...shown, trust });
  const resources = textsIn(proven.claims.resource);
  if (!resources || !isOwnResource(resources)) return refuse(`resource is not ${mcpUrl}`, { ...shown, trust });
  return proven;
}

/** Platforms and the draft of SEP-1933 have a program's token name the token endpoint, or the issuer with a slash. */
function audiencesOf({ kind }: Trust): readonly string[] {
  return kind === 'id-jag' ? [issuer] : [issuer, `${issuer}/`, `${issuer}${paths.token}`];
}

function isOwnResource(resources: readonly string[]): boolean {
  try {
    requireOwnResource(resources, mcpUrl);
    return true;
  } catch (error) {
    if (error instanceof OAuthError) return false;
    throw error;
  }
}

type Issue = { readonly trust: Trust; readonly sent: Parameters; readonly shown: Shown };

/** For whom, and for what: nothing is signed, and nothing written of it, before all of this is found to be right. */
async function basisOf(proven: Proven, issue: Issue): Promise<Basis> {
  const { trust, sent, shown } = issue;
  const { now } = shown.request;
  const { principal, role, writes, isNew, profile, tenant } = await arrivalOf(proven, trust, shown);
  const ceiling = scopesSaid(proven);
  if (ceiling === undefined) return refuse('scope is no text', shown);
  requireKeyUnder(tenant, shown.request);
  const scopes = allowedScopes(trust.tenant, { most: trust.scopes, ceiling, role, tenant, asked: sent.scope });
  const clientId = shown.registration?.client.id ?? `workload:${trust.id}`;
  const occasion = { means: trust.kind, subject: principal.subject, clientId, trustId: trust.id, scopes };
  const { once } = proven;
  const lookups = [standingLookup(occasion), ...(once ? [takenLookup(trust.issuer, once)] : [])] as const;
  const [standing, taken] = await findAll(lookups, now);
  if (taken) return refuse(usedBefore, shown);
  const { subject: held, tenant: home, era } = profile;
  return {
    occasion,
    principal,
    trust: trust.kind === 'id-jag' ? { id: trust.id, subject: held, tenant: home, era } : undefined,
    grantScopes: scopes,
    scopes,
    standing,
    once: once && taking(trust.issuer, once),
    writes,
    isNew,
    again: () => basisOf(proven, issue),
    refuse: (reason) => refuse(reason, shown),
  };
}

/** What an assertion about a person says of scopes, which is a ceiling. Undefined when it is no text. */
function scopesSaid({ claims }: Proven): string | undefined {
  const { scope = '' } = claims;
  return typeof scope === 'string' ? scope : undefined;
}
