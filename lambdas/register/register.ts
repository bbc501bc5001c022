import type { Request } from '#core/http/request.ts';
import { json, type Response } from '#core/http/response.ts';
import { networkRates } from '#core/network-rates.ts';
import { parseClientMetadata } from '#core/oauth/client-metadata.ts';
import { newId, randomSecret, sha256 } from '#core/oauth/digest.ts';
import { OAuthError, tooManyRequests } from '#core/oauth/error.ts';
import type { Client } from '#core/oauth/types.ts';
import { registerClient } from '#core/store/clients.ts';
import { count } from '#core/store/rates.ts';
import { registration } from '#generated';
import { information } from './information.ts';
import { readMetadata } from './read-metadata.ts';

/** Registers a client. Its secret, unless it is public, and its registration token are told once. RFC 7591 §3. */
export async function register(request: Request): Promise<Response> {
  if (!registration.dynamic) throw new OAuthError('access_denied', 'Clients are registered by the operator here', 403);
  const metadata = parseClientMetadata(readMetadata(request), registration.privateSchemes);
  await countRegistration(request);
  const secret = metadata.authMethods.includes('client_secret_basic') ? randomSecret() : undefined;
  const secretHashes = secret === undefined ? [] : [sha256(secret)];
  const client: Client = { ...metadata, id: newId(), secretHashes, registeredAt: request.now };
  const token = randomSecret();
  await registerClient(client, sha256(token));
  return json(information(client, token, secret), 201);
}

async function countRegistration(request: Request): Promise<void> {
  const waitSeconds = await count(networkRates('registrationsPerIp', request), request.now);
  if (waitSeconds !== undefined) throw tooManyRequests(waitSeconds);
}
