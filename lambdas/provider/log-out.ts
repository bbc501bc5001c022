import { form } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { empty, json, type Response } from '#core/http/response.ts';
import { networkRates } from '#core/network-rates.ts';
import { sha256 } from '#core/oauth/digest.ts';
import { identityKey } from '#core/oauth/linking.ts';
import { type LogoutToken, verifyLogoutToken, wrongAtSight } from '#core/oauth/logout-token.ts';
import type { Provider } from '#core/oauth/provider.ts';
import { record } from '#core/record.ts';
import { tooOften } from '#core/sign-in/browser.ts';
import { loggedOutLookup, notedLogout } from '#core/store/assertions.ts';
import { audited } from '#core/store/audit.ts';
import { endGrant, grantsOf } from '#core/store/grants.ts';
import { linkLookup, linkOf, loggedOut, sidLookup } from '#core/store/links.ts';
import { type Person, personLookup } from '#core/store/people.ts';
import { count } from '#core/store/rates.ts';
import { endedWithVisits, inBatches, type Session, sessionsOf } from '#core/store/sessions.ts';
import { commit, find } from '#core/store/table.ts';
import { isKnown, keysOf, metadataOf } from './ask.ts';
import { recordFailure } from './failed-page.ts';
import { Failure } from './failure.ts';
import { providerAt } from './known-provider.ts';

/** It is told to a program, which is to keep nothing of it. OpenID Connect Back-Channel Logout 1.0 §2.7. */
const headers = { 'cache-control': 'no-store' };

/**
 * Ends what somebody began by a provider that says they are logged out there. What is said twice is done once, and what
 * was cut short is done when it is said again. OpenID Connect Back-Channel Logout 1.0 §2.5.
 */
export async function logOut(request: Request): Promise<Response> {
  const provider = providerAt(request.path);
  try {
    const [token, ...others] = form(request).getAll('logout_token');
    if (token === undefined || others.length > 0) throw new Failure('failed', 'there must be one logout_token');
    return await obey(provider, await verified(token, provider, request), request);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await recordFailure(error, { request, provider });
    const description = `The logout token was refused: ${error.detail}`;
    const status = error.text === 'unreachable' ? 503 : 400;
    const answer = json({ error: 'invalid_request', error_description: description }, status, headers);
    return { ...answer, reason: `logout by ${provider.id}: ${error.detail}` };
  }
}

/**
 * Checks a token, with the keys that are known if they will do. Before keys are fetched for it, which anybody can bring
 * about, the network that it comes from is counted.
 */
async function verified(token: string, provider: Provider, request: Request): Promise<LogoutToken> {
  const { now } = request;
  const atSight = wrongAtSight(token, provider.clientId, now);
  if (atSight !== undefined) throw new Failure('failed', atSight);
  const check = async (isFresh: boolean) => {
    const metadata = await metadataOf(provider, now);
    return verifyLogoutToken(token, { provider, metadata, keys: await keysOf(metadata, now, isFresh), now });
  };
  const knows = isKnown(provider, now);
  const first = knows ? await check(false) : { refusal: 'unknown-key' };
  if (!('refusal' in first)) return first;
  if (first.refusal !== 'unknown-key') throw new Failure('failed', first.refusal);
  await countStranger(request);
  const second = await check(knows);
  if ('refusal' in second) throw new Failure('failed', second.refusal);
  return second;
}

async function countStranger(request: Request): Promise<void> {
  const waitSeconds = await count(networkRates('refusedByProviderPerIp', request), request.now);
  if (waitSeconds !== undefined) throw tooOften(waitSeconds, {});
}

async function obey(provider: Provider, token: LogoutToken, request: Request): Promise<Response> {
  const { now, nowMilliseconds } = request;
  const done = empty(200, headers);
  const { iss, jti } = token.claims;
  if (await find(loggedOutLookup(iss, jti), now)) return done;
  const hash = await linkNamed(provider, token, now);
  // First of all, as a sign-in that is under way is either among their sessions by then or comes to nothing.
  await commit(loggedOut({ issuerHash: sha256(issuerOf(provider, token)), hash, sid: token.sid }, nowMilliseconds));
  const person = hash === undefined ? undefined : await personOf(hash, now);
  const sessions = person ? await endSessions(person, (session) => isMeant(session, provider, token.sid), now) : 0;
  const grants = person && provider.logoutEndsGrants ? await endGrants(person, request) : 0;
  const event = { event: 'provider_logout', provider: provider.id, sessions, grants } as const;
  const noted = notedLogout(iss, jti, token.expiresAt);
  await record(person && sessions + grants > 0 ? [noted, audited(person, event, nowMilliseconds)] : [noted]);
  return done;
}

/** The link of the person whom the provider names, by their identity there or by the session in which they signed in. */
async function linkNamed(provider: Provider, token: LogoutToken, now: number): Promise<string | undefined> {
  const issuer = issuerOf(provider, token);
  const key = identityKey(provider, token.claims);
  if (key !== undefined) return linkOf({ issuer, key }, provider.id).hash;
  return token.sid === undefined ? undefined : (await find(sidLookup(sha256(issuer), token.sid), now))?.hash;
}

function issuerOf({ kind, issuer }: Provider, { claims }: LogoutToken): string {
  return kind === 'google' ? issuer : claims.iss;
}

async function personOf(hash: string, now: number): Promise<Person | undefined> {
  const link = await find(linkLookup({ hash }), now);
  return link && find(personLookup(link.subject), now);
}

/** Of a session whose name at the provider is not known, nothing says that it is another. */
function isMeant(session: Session, { id }: Provider, sid: string | undefined): boolean {
  return session.provider === id && (sid === undefined || session.sid === undefined || session.sid === sid);
}

async function endSessions(person: Person, isMeant: (session: Session) => boolean, now: number): Promise<number> {
  const sessions = (await sessionsOf(person, now)).filter(isMeant);
  for (const batch of inBatches(sessions)) await record(endedWithVisits(batch, { subject: person.subject, now }));
  return sessions.length;
}

async function endGrants(person: Person, { now, nowMilliseconds }: Request): Promise<number> {
  let ended = 0;
  let after: string | undefined;
  do {
    const { grants, next } = await grantsOf(person.subject, now, after);
    for (const { id, clientId } of grants) {
      const revocation = { event: 'revocation', clientId, grantId: id, by: 'provider' } as const;
      const { done } = await commit([endGrant(id, now), audited(person, revocation, nowMilliseconds)]);
      if (done) ended += 1;
    }
    after = next;
  } while (after !== undefined);
  return ended;
}
