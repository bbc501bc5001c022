/**
 * A new person who has signed in and approved a client, as the pages and the token endpoint leave it: the same items,
 * tokens and audit, made with the same functions. A bundle of this runs in the tests, see `shortcut.ts`.
 */
import { callingNetwork } from '#core/http/source.ts';
import { issuer, mcpUrl } from '#core/issuer.ts';
import { signAccessToken } from '#core/keys/sign.ts';
import { canonicalAddress, domainOf } from '#core/mail/email-address.ts';
import { accessTokenClaims } from '#core/oauth/access-token.ts';
import { newId, randomSecret, sha256 } from '#core/oauth/digest.ts';
import { newGrantId } from '#core/oauth/grant.ts';
import { startRatchet } from '#core/oauth/refresh-token.ts';
import { offeredScopes, parseScope } from '#core/oauth/scope.ts';
import type { Grant } from '#core/oauth/types.ts';
import { maySignIn } from '#core/sign-in/may-sign-in.ts';
import { requiredProvider } from '#core/sign-in/required-provider.ts';
import { approved } from '#core/store/approvals.ts';
import { audited } from '#core/store/audit.ts';
import { seenBrowser } from '#core/store/browsers.ts';
import { countedUse } from '#core/store/client-uses.ts';
import { clientLookup, outlive, type Registration } from '#core/store/clients.ts';
import { denialLookups } from '#core/store/denials.ts';
import { newGrant } from '#core/store/grants.ts';
import { newcomer } from '#core/store/newcomers.ts';
import { type Address, addressLookup } from '#core/store/people.ts';
import { listedSession, newSession } from '#core/store/sessions.ts';
import { commit, findAll } from '#core/store/table.ts';
import { type Domain, domainLookup, policyLookups, tenantOf } from '#core/store/tenants.ts';
import { scopes as catalogue, lifetimes, needsDpop, type TenantPolicy } from '#generated';
import { byDefault, offerTo } from '../../lambdas/authorize/offer.ts';
import { grantEndsAt } from '../../lambdas/token/tokens.ts';
import type { Tokens } from './flow.ts';

/** Who approves which client, and what: all that is offered, unless they choose. */
export type Wanted = {
  readonly clientId: string;
  readonly address: string;
  readonly asked: string | undefined;
  readonly scopes: readonly string[] | undefined;
};

type Found = {
  readonly registration: Registration;
  readonly known: Address | undefined;
  readonly domain: Domain | undefined;
  readonly policy: TenantPolicy | undefined;
};

/** Makes them, unless the pages or the token endpoint would do anything else than for a new person who just types the code. */
export async function makeConnection(wanted: Wanted): Promise<Tokens | undefined> {
  const milliseconds = Date.now();
  const address = canonicalAddress(wanted.address);
  if (address === undefined || !maySignIn(address) || needsDpop) return undefined;
  const found = await gather(wanted.clientId, address, Math.floor(milliseconds / 1_000));
  if (!found || requiredProvider(address, found.domain, found.policy)) return undefined;
  return approve(wanted, address, found, milliseconds);
}

async function gather(clientId: string, address: string, now: number): Promise<Found | undefined> {
  const lookups = [
    clientLookup(clientId),
    addressLookup(sha256(address)),
    domainLookup(domainOf(address)),
    ...denialLookups(clientId),
  ] as const;
  const [registration, known, domain, ...denials] = await findAll(lookups, now);
  if (!registration || !isOrdinary(registration) || denials.some(Boolean)) return undefined;
  if (known?.subject !== undefined || known?.suppressedAt !== undefined || known?.era !== undefined) return undefined;
  const tenantLookups = policyLookups(known?.tenant ?? domain?.tenant);
  const [policy] = tenantLookups.length > 0 ? await findAll(tenantLookups, now) : [];
  return { registration, known, domain, policy };
}

/** A public client that gets refresh tokens and may do without a key of its own. */
function isOrdinary({ client }: Registration): boolean {
  const { authMethods, grantTypes, dpopBoundAccessTokens } = client;
  return authMethods.includes('none') && grantTypes.includes('refresh_token') && !dpopBoundAccessTokens;
}

async function approve(
  wanted: Wanted,
  address: string,
  { registration, known, domain, policy }: Found,
  milliseconds: number,
): Promise<Tokens | undefined> {
  const now = Math.floor(milliseconds / 1_000);
  const { clientId } = wanted;
  const until = now + lifetimes.grantSeconds;
  const [subject, sessionHash] = [newId(), sha256(randomSecret())];
  const person = { subject, tenant: tenantOf(known, domain, subject), role: known?.role ?? 'member' } as const;
  const principal = { subject, tenant: person.tenant, era: undefined };
  const offered = offerTo(person, policy, offeredScopes(parseScope(wanted.asked), catalogue, byDefault));
  const scopes = offered.filter((scope) => wanted.scopes?.includes(scope) ?? true);
  if (scopes.length === 0 || policy?.dpop === 'required') return undefined;
  const session = { principal, address, signedInAt: now, visit: sessionHash, agent: 'node' };
  const id = newGrantId(subject);
  const { ratchet, token } = startRatchet(id, { now, network: callingNetwork({ sourceIp: '127.0.0.1' }) });
  const grant: Grant = {
    id,
    ...principal,
    clientId,
    scopes,
    resource: mcpUrl,
    ratchet,
    createdAt: now,
    expiresAt: grantEndsAt(now, now),
    revokedAt: undefined,
    jkt: undefined,
  };
  const claims = accessTokenClaims({
    ...grant,
    grantId: id,
    issuer,
    jkt: undefined,
    now,
    lifetimeSeconds: lifetimes.accessTokenSeconds,
  });
  const [accessToken, { done }] = await Promise.all([
    signAccessToken(claims),
    commit([
      audited(person, { event: 'sign_in', passkey: undefined, provider: undefined, by: undefined }, milliseconds),
      newSession(sessionHash, session),
      listedSession(sessionHash, session),
      seenBrowser(address, sha256(randomSecret()), now),
      ...newcomer(person, { address, addressHash: sha256(address) }, known, now),
      approved({ address, clientId, era: undefined, at: now, scopes }, until),
      countedUse(clientId, now, until),
      ...newGrant(grant, until),
      ...outlive(registration, until),
      audited(grant, { event: 'grant', clientId, grantId: id }, milliseconds),
    ]),
  ]);
  if (!done) return undefined;
  const expiresIn = lifetimes.accessTokenSeconds;
  return { access_token: accessToken, refresh_token: token, scope: claims.scope, expires_in: expiresIn };
}
