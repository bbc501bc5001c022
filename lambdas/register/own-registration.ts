import type { Request } from '#core/http/request.ts';
import { empty, json, type Response } from '#core/http/response.ts';
import { networkRates } from '#core/network-rates.ts';
import { bearerToken } from '#core/oauth/challenge.ts';
import { parseClientMetadata } from '#core/oauth/client-metadata.ts';
import { isSame, randomSecret, sha256 } from '#core/oauth/digest.ts';
import { OAuthError, tooManyRequests } from '#core/oauth/error.ts';
import type { Client } from '#core/oauth/types.ts';
import { record } from '#core/record.ts';
import { paths } from '#core/routes.ts';
import { clientLookup, removedRegistration, replacedRegistration } from '#core/store/clients.ts';
import { countWith } from '#core/store/rates.ts';
import { find } from '#core/store/table.ts';
import { registration } from '#generated';
import { auditedRegistration } from './audited-registration.ts';
import { information } from './information.ts';
import { readMetadata } from './read-metadata.ts';

/** The second form is that of clients that registered before ids were shorter. */
const REGISTERED_ID = /^([0-9A-Za-z]{22}|[0-9a-f-]{36})$/;

type Own = { readonly client: Client; readonly token: string };

/** Shows a client its registration. RFC 7592 §2.1. */
export async function readOwn(request: Request): Promise<Response> {
  const { client, token } = await requireOwn(request);
  return json(information(client, token));
}

/** Replaces all that a client registered. It gets a secret if it has none and needs one. RFC 7592 §2.2. */
export async function changeOwn(request: Request): Promise<Response> {
  const { client, token } = await requireOwn(request);
  const sent = readMetadata(request);
  requireSameClient(sent, client.id);
  const metadata = parseClientMetadata(sent, registration.privateSchemes);
  const needsSecret = metadata.authMethods.includes('client_secret_basic');
  const secret = needsSecret && client.secretHashes.length === 0 ? randomSecret() : undefined;
  const kept = needsSecret ? client.secretHashes : [];
  const secretHashes = secret === undefined ? kept : [sha256(secret)];
  const { id, registeredAt } = client;
  const changed: Client = { ...metadata, id, registeredAt, secretHashes };
  const rates = networkRates('registrationUpdatesPerIp', request);
  const audit = await auditedRegistration('registration_change', id, request);
  const outcome = await countWith(rates, [replacedRegistration(changed), audit], request.now);
  if (outcome.waitSeconds !== undefined) throw tooManyRequests(outcome.waitSeconds);
  if (!outcome.done) throw unauthorized();
  return json(information(changed, token, secret));
}

/** Removes a client's registration. RFC 7592 §2.3. */
export async function removeOwn(request: Request): Promise<Response> {
  const { client } = await requireOwn(request);
  await record([removedRegistration(client.id), await auditedRegistration('registration_removal', client.id, request)]);
  return empty(204);
}

/** The registration that a request is about, if it shows its registration access token. RFC 7592 §2. */
async function requireOwn({ path, headers, now }: Request): Promise<Own> {
  const id = path.slice(paths.register.length + 1);
  const token = bearerToken(headers.authorization);
  if (!token || !REGISTERED_ID.test(id)) throw unauthorized();
  const found = await find(clientLookup(id), now);
  if (!found?.tokenHash || !isSame(sha256(token), found.tokenHash)) throw unauthorized();
  return { client: found.client, token };
}

function requireSameClient(sent: unknown, id: string): void {
  const named = typeof sent === 'object' && sent !== null && 'client_id' in sent ? sent.client_id : undefined;
  if (named === id) return;
  throw new OAuthError('invalid_client_metadata', 'client_id must be that of the registration');
}

/** The same for a client that is gone and a token that is not its. RFC 7592 §2.1. */
function unauthorized(): OAuthError {
  return new OAuthError('invalid_token', 'The registration access token is not valid', 401);
}
