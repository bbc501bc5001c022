import { clients as preRegistered } from '#generated';
import { fetchJson } from './fetch/fetch-json.ts';
import { hasFetchableScheme, isTrustedHost } from './fetch/trusted-hosts.ts';
import type { Request } from './http/request.ts';
import { issuer } from './issuer.ts';
import { networkRates } from './network-rates.ts';
import { keySetIn, namesKeyOf, verifyAssertion } from './oauth/client-assertion.ts';
import { type ClientCredentials, isProven, notAuthenticated } from './oauth/client-authentication.ts';
import { tooManyRequests } from './oauth/error.ts';
import type { Client } from './oauth/types.ts';
import { recordSparingly } from './record-sparingly.ts';
import { takeAssertion } from './store/assertions.ts';
import { audited } from './store/audit.ts';
import { claimKeys, keepKeys, type Registration, releaseKeys } from './store/clients.ts';
import { countWith } from './store/rates.ts';

const KEYS_EVERY_SECONDS = 60;
const KEYS_FRESH_SECONDS = 86_400;

/**
 * Lets a client pass if it is what it says: it shows nothing if it is public, a secret, or a signed assertion, once.
 * Throws `invalid_client` with 401, which tells a client to register again. RFC 6749 §3.2.1, RFC 7523 §3.
 */
export async function authenticate(
  found: Registration | undefined,
  credentials: ClientCredentials,
  request: Request,
): Promise<Registration> {
  const registration = registrationOf(credentials.clientId) ?? found;
  if (!registration) throw notAuthenticated('no such client');
  if (credentials.assertion === undefined) {
    if (isProven(registration.client, credentials)) return registration;
    throw notAuthenticated('no secret of this client');
  }
  await requireAssertion(registration, credentials.assertion, request);
  return registration;
}

/** A client that the operator's settings name. */
export function registrationOf(clientId: string): Registration | undefined {
  const client = preRegistered.find(({ id }) => id === clientId);
  return client && { client };
}

async function requireAssertion(registration: Registration, assertion: string, request: Request): Promise<void> {
  const { now, nowMilliseconds } = request;
  const { client } = registration;
  if (!client.authMethods.includes('private_key_jwt')) throw notAuthenticated('no assertions from this client');
  const keys = await keysOf(registration, assertion, request);
  const verified = keys && (await verifyAssertion(assertion, keys, { clientId: client.id, audience: issuer, now }));
  if (!verified) throw notAuthenticated('the assertion is not valid');
  if (await takeAssertion(client.id, verified)) return;
  const operator = { subject: client.id, tenant: 'operator' };
  const item = audited(operator, { event: 'assertion_replay', clientId: client.id }, nowMilliseconds);
  await recordSparingly('assertionReplaysPerClient', client.id, item, request);
  throw notAuthenticated('the assertion was used before');
}

/**
 * The client's keys as they are known, or read anew: when the assertion names one that is not known, and once a day,
 * so that a key which the client took back does not serve for ever.
 */
async function keysOf(registration: Registration, assertion: string, request: Request): Promise<Client['jwks']> {
  const { client, keysReadAt = 0 } = registration;
  const { id, jwks, jwksUri } = client;
  const isFresh = keysReadAt + KEYS_FRESH_SECONDS > request.now;
  if (jwksUri === undefined || (jwks && isFresh && namesKeyOf(assertion, jwks))) return jwks;
  const url = new URL(jwksUri);
  if (!hasFetchableScheme(url) || !(await mayReadKeys(registration, request))) return jwks;
  const fetched = await fetchJson(url, isTrustedHost(url));
  const fresh = fetched.ok ? keySetIn(fetched.value) : undefined;
  if (!fresh) {
    if (!jwks || !namesKeyOf(assertion, jwks)) await releaseKeys(registration, request.now);
    return jwks;
  }
  await keepKeys(id, fresh);
  return fresh;
}

/** Counts the reading, and claims it. Throws when the network has had too many, unless keys are known that may serve. */
async function mayReadKeys({ client }: Registration, request: Request): Promise<boolean> {
  const claim = claimKeys(client.id, request.now, KEYS_EVERY_SECONDS);
  const { done, waitSeconds } = await countWith(networkRates('keySetFetchesPerIp', request), claim, request.now);
  if (waitSeconds !== undefined && !client.jwks) throw tooManyRequests(waitSeconds);
  return done;
}
