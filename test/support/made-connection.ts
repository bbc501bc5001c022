/**
 * Somebody new who has signed in and approved a client, as the pages and the token endpoint leave it: the same items,
 * tokens and audit, made with the same functions. A bundle of this runs in the tests, see `shortcut.ts`.
 */
import { callingNetwork } from '#core/http/source.ts';
import { issuer, mcpUrl } from '#core/issuer.ts';
import { signAccessToken } from '#core/keys/sign.ts';
import { canonicalAddress, domainOf } from '#core/mail/email-address.ts';
import { accessTokenClaims } from '#core/oauth/access-token.ts';
import { newId, randomSecret, sha256, shortSecret } from '#core/oauth/digest.ts';
import { newGrantId } from '#core/oauth/grant.ts';
import { startRatchet } from '#core/oauth/refresh-token.ts';
import { offeredScopes, parseScope } from '#core/oauth/scope.ts';
import type { DatedPrincipal, Grant } from '#core/oauth/types.ts';
import { approvalsBy } from '#core/person-rates.ts';
import { maySignIn } from '#core/sign-in/may-sign-in.ts';
import { requiredProvider } from '#core/sign-in/required-provider.ts';
import { approved } from '#core/store/approvals.ts';
import { audited } from '#core/store/audit.ts';
import { newCode } from '#core/store/authorization-codes.ts';
import { seenBrowser } from '#core/store/browsers.ts';
import { countedUse } from '#core/store/client-uses.ts';
import { clientLookup, outlive, type Registration } from '#core/store/clients.ts';
import { denialLookups } from '#core/store/denials.ts';
import { newGrant } from '#core/store/grants.ts';
import { hidden } from '#core/store/hidden.ts';
import { newcomer } from '#core/store/newcomers.ts';
import { type Address, addressLookup } from '#core/store/people.ts';
import { countWith } from '#core/store/rates.ts';
import { listedSession, newSession } from '#core/store/sessions.ts';
import { findAll, type Write } from '#core/store/table.ts';
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

/** Where the code goes, and what it is bound to. */
export type WantedCode = Wanted & { readonly redirectUri: string; readonly codeChallenge: string };

/** Somebody new at the moment of their approval, and what is written of it, whatever the client is given. */
type Approval = {
  readonly principal: DatedPrincipal;
  readonly visit: string;
  readonly scopes: readonly string[];
  readonly registration: Registration;
  readonly writes: readonly [Write, ...Write[]];
  readonly milliseconds: number;
  readonly now: number;
};

/** Gives a public client the tokens of somebody new. Undefined where the server might do otherwise with some step. */
export async function makeConnection(wanted: Wanted): Promise<Tokens | undefined> {
  const approval = await approvalOf(wanted);
  if (!approval || !mayHaveTokens(approval.registration)) return undefined;
  const { principal, scopes, registration, writes, milliseconds, now } = approval;
  const { clientId } = wanted;
  const id = newGrantId(principal.subject);
  const { ratchet, token } = startRatchet(id, { now, network: callingNetwork({ sourceIp: OWN_NETWORK }) });
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
  const lifetimeSeconds = lifetimes.accessTokenSeconds;
  const claims = accessTokenClaims({ ...grant, grantId: id, issuer, jkt: undefined, now, lifetimeSeconds });
  const [accessToken, { done }] = await Promise.all([
    signAccessToken(claims),
    countWith(
      [approvalsBy(principal.subject)],
      [
        ...writes,
        ...newGrant(grant, now + lifetimes.grantSeconds),
        ...outlive(registration, now + lifetimes.grantSeconds),
        audited(grant, { event: 'grant', clientId, grantId: id }, milliseconds),
      ],
      now,
    ),
  ]);
  if (!done) return undefined;
  return { access_token: accessToken, refresh_token: token, scope: claims.scope, expires_in: lifetimeSeconds };
}

/** Gives a client the code of somebody new, likewise. */
export async function makeCode(wanted: WantedCode): Promise<string | undefined> {
  const approval = await approvalOf(wanted);
  const { clientId, redirectUri, codeChallenge } = wanted;
  if (!approval?.registration.client.redirectUris.includes(redirectUri)) return undefined;
  const { principal, visit, scopes, writes, now } = approval;
  const code = shortSecret();
  const kept = newCode({
    ...principal,
    clientId,
    redirectUri,
    codeChallenge,
    scopes,
    visit,
    resource: mcpUrl,
    dpopJkt: undefined,
    hash: sha256(code),
    grantId: newGrantId(principal.subject),
    expiresAt: now + CODE_SECONDS,
    usedAt: undefined,
  });
  const { done } = await countWith([approvalsBy(principal.subject)], [...writes, kept], now);
  return done ? code : undefined;
}

const CODE_SECONDS = 5 * 60;
const OWN_NETWORK = '127.0.0.1';

/** A public client that gets refresh tokens, and that may do without a key of its own. */
function mayHaveTokens({ client }: Registration): boolean {
  const { authMethods, grantTypes, dpopBoundAccessTokens } = client;
  return authMethods.includes('none') && grantTypes.includes('refresh_token') && !dpopBoundAccessTokens && !needsDpop;
}

async function approvalOf({ clientId, address: typed, asked, scopes: chosen }: Wanted): Promise<Approval | undefined> {
  const milliseconds = Date.now();
  const now = Math.floor(milliseconds / 1_000);
  const address = canonicalAddress(typed);
  if (address === undefined || !maySignIn(address)) return undefined;
  const found = await gather(clientId, address, now);
  if (!found) return undefined;
  const { registration, known, domain, policy } = found;
  if (requiredProvider(address, domain, policy) !== undefined || policy?.dpop === 'required') return undefined;
  const [subject, visit] = [newId(), sha256(randomSecret())];
  const person = { subject, tenant: tenantOf(known, domain, subject), role: known?.role ?? 'member' } as const;
  const principal = { subject, tenant: person.tenant, era: 0 };
  const offered = offerTo(person, policy, offeredScopes(parseScope(asked), catalogue, byDefault));
  const scopes = offered.filter((scope) => chosen?.includes(scope) ?? true);
  if (scopes.length === 0) return undefined;
  const session = { principal, address, signedInAt: now, visit, agent: 'node' };
  const until = now + lifetimes.grantSeconds;
  const mailed = await codeMailed(address, clientId, known?.tenant ?? domain?.tenant);
  const writes = [
    audited(mailed.principal, mailed.event, milliseconds),
    audited(person, { event: 'sign_in', isNew: true }, milliseconds),
    newSession(visit, session),
    listedSession(visit, session),
    seenBrowser(address, sha256(randomSecret()), now),
    ...newcomer(person, { address, addressHash: sha256(address) }, known, now),
    approved({ address, clientId, era: 0, at: now, scopes }, until),
    countedUse(clientId, now, until),
  ] as const;
  return { principal, visit, scopes, registration, writes, milliseconds, now };
}

/** What is recorded of the mail with the code, of an address about which nothing else is known yet. */
async function codeMailed(address: string, clientId: string, tenant = 'public') {
  const hiddenAddress = await hidden('address', address);
  const network = await hidden('network', OWN_NETWORK);
  return {
    principal: { subject: hiddenAddress, tenant },
    event: { event: 'code_mailed', clientId, address: hiddenAddress, network } as const,
  };
}

type Found = {
  readonly registration: Registration;
  readonly known: Address | undefined;
  readonly domain: Domain | undefined;
  readonly policy: TenantPolicy | undefined;
};

/** What decides about a sign-in. Undefined for a client or an address about which there is more to say. */
async function gather(clientId: string, address: string, now: number): Promise<Found | undefined> {
  const lookups = [
    clientLookup(clientId),
    addressLookup(sha256(address)),
    domainLookup(domainOf(address)),
    ...denialLookups(clientId),
  ] as const;
  const [registration, known, domain, ...denials] = await findAll(lookups, now);
  if (!registration || registration.client.machine || denials.some(Boolean)) return undefined;
  if (known?.subject !== undefined || known?.suppressedAt !== undefined || known?.era !== undefined) return undefined;
  const tenant = policyLookups(known?.tenant ?? domain?.tenant);
  const [policy] = tenant.length > 0 ? await findAll(tenant, now) : [];
  return { registration, known, domain, policy };
}
