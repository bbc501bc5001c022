import { countEvent } from '#core/http/metrics.ts';
import type { Request } from '#core/http/request.ts';
import { domainOf } from '#core/mail/email-address.ts';
import { newId, sha256 } from '#core/oauth/digest.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { isPersonal } from '#core/oauth/tenant.ts';
import type { Principal } from '#core/oauth/types.ts';
import { record } from '#core/record.ts';
import { audited } from '#core/store/audit.ts';
import { type Address, addressLookup, newPerson, type Person, requirePerson } from '#core/store/people.ts';
import { newSession } from '#core/store/sessions.ts';
import { type SignIn, signedIn } from '#core/store/sign-ins.ts';
import { find, findAll, type Write } from '#core/store/table.ts';
import { domainLookup, joined, joining, policyLookups, type Tenant, tenantOf } from '#core/store/tenants.ts';
import { type Browser, gone } from './browser.ts';
import { endOfShown } from './session.ts';

type Arrival = {
  readonly browser: Browser;
  readonly address: string;
  readonly codeHash: string;
  /** The tenant that the address led to when the code was mailed. */
  readonly expectedTenant: string | undefined;
  readonly sessionSalt: string;
  readonly sessionHash: string;
};

/** Who signed in, and the policy of their tenant, if it has one. */
type SignedIn = { readonly person: Omit<Person, 'createdAt'>; readonly tenant: Tenant | undefined };

/** Another request of the same window was quicker: the sign-in as that one left it. */
type Overtaken = { readonly other: SignIn };

/** Signs a person in, or makes one at their first sign-in, in the tenant that their address or its domain leads to. */
export async function signIn(arrival: Arrival, request: Request): Promise<SignedIn | Overtaken> {
  const { browser, address, codeHash, expectedTenant, sessionSalt, sessionHash } = arrival;
  const { now, nowMilliseconds } = request;
  const addressHash = sha256(address);
  const lookups = [
    addressLookup(addressHash),
    domainLookup(domainOf(address)),
    ...policyLookups(expectedTenant),
  ] as const;
  const [known, domain, expected] = await findAll(lookups, now);
  const subject = known?.subject ?? newId();
  const person = { subject, tenant: tenantOf(known, domain, subject), role: known?.role ?? 'member' };
  const outcome = await record([
    signedIn(browser, { principal: principalOf(person), address, codeHash, sessionSalt }, now),
    audited(person, { event: 'sign_in' }, nowMilliseconds),
    newSession(sessionHash, { principal: principalOf(person), address, signedInAt: now }),
    ...(known?.subject ? [requirePerson(person)] : arrivalOf(person, address, known, now)),
    ...endOfShown(request),
  ]);
  if (outcome.done) {
    countEvent('SignIns');
    return { person, tenant: await policyOf(person.tenant, expectedTenant, expected, now) };
  }
  if (outcome.failed === 0) {
    if (!outcome.item) throw gone();
    return { other: outcome.item as SignIn };
  }
  if (known?.subject) throw new OAuthError('access_denied', 'This address may not sign in here.', 403);
  return signIn(arrival, request);
}

function principalOf({ subject, tenant }: Principal): Principal {
  return { subject, tenant };
}

/**
 * Whoever loses the race to be the first finds the winner's person. A tenant to which only the domain led may have been
 * removed since; one that expects the address is not removed.
 */
function arrivalOf(person: SignedIn['person'], address: string, known: Address | undefined, now: number): Write[] {
  const addressHash = sha256(address);
  const isLedByDomain = known?.tenant === undefined && !isPersonal(person.tenant);
  return [
    ...newPerson(addressHash, person, known, now),
    ...joined(person, { address, addressHash }, now),
    ...(isLedByDomain ? [joining(person.tenant)] : []),
  ];
}

/** Read with the address, unless an operator has moved it since the code was mailed. */
async function policyOf(tenant: string, expectedTenant: string | undefined, expected: Tenant | undefined, now: number) {
  if (tenant === expectedTenant) return expected;
  const [lookup] = policyLookups(tenant);
  return lookup && find(lookup, now);
}
