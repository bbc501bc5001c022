import type { Request } from '#core/http/request.ts';
import { json, type Response } from '#core/http/response.ts';
import { networkRates } from '#core/network-rates.ts';
import { parseClientMetadata } from '#core/oauth/client-metadata.ts';
import { newId, randomSecret, sha256 } from '#core/oauth/digest.ts';
import { OAuthError, tooManyRequests } from '#core/oauth/error.ts';
import type { Client } from '#core/oauth/types.ts';
import { record } from '#core/record.ts';
import { registerClient } from '#core/store/clients.ts';
import { count } from '#core/store/rates.ts';
import { registration } from '#generated';
import { auditedRegistration } from './audited-registration.ts';
import { information } from './information.ts';
import { readMetadata } from './read-metadata.ts';

/** Registers a client. Its secret, unless it is public, and its registration token are told once. RFC 7591 §3. */
export async function register(request: Request): Promise<Response> {
  if (!registration.dynamic) throw new OAuthError('access_denied', 'Only the operator can register clients here', 403);
  const metadata = parseClientMetadata(readMetadata(request), registration.privateSchemes);
  await countRegistration(request);
  const secret = metadata.authMethods.includes('client_secret_basic') ? randomSecret() : undefined;
  const secretHashes = secret === undefined ? [] : [sha256(secret)];
  const client: Client = { ...metadata, id: newId(), secretHashes, registeredAt: request.now };
  const token = randomSecret();
  await Promise.all([registerClient(client, sha256(token)), recordRegistration(client, request)]);
  return json(information(client, token, secret), 201);
}

async function countRegistration(request: Request): Promise<void> {
  const waitSeconds = await count(networkRates('registrationsPerIp', request), request.now);
  if (waitSeconds !== undefined) throw tooManyRequests(waitSeconds);
}

/** Beside the registration, not in a transaction with it: one without a record has no answer, and nobody knows its id. */
async function recordRegistration({ id }: Client, request: Request): Promise<void> {
  await record([await auditedRegistration('registration', id, request)]);
}
