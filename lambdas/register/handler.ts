import { endpoint } from '#core/http/endpoint.ts';
import { json } from '#core/http/response.ts';
import { networkOf } from '#core/http/source.ts';
import { parseClientMetadata } from '#core/oauth/client-metadata.ts';
import { tooManyRequests } from '#core/oauth/error.ts';
import { registerClient } from '#core/store/clients.ts';
import { count } from '#core/store/rates.ts';
import { limits } from '#generated';
import { newClient } from './new-client.ts';
import { readMetadata } from './read-metadata.ts';

/** Dynamic client registration. RFC 7591 §3. */
export const handler = endpoint(async (request) => {
  const metadata = parseClientMetadata(readMetadata(request));
  const rate = { kind: 'registration-ip', subject: networkOf(request), limits: limits.registrationsPerIp } as const;
  const waitSeconds = await count([rate], request.now);
  if (waitSeconds !== undefined) throw tooManyRequests(waitSeconds);
  const { client, secret } = newClient(metadata, request.now);
  await registerClient(client);
  return json(
    {
      client_id: client.id,
      client_id_issued_at: client.registeredAt,
      client_secret: secret,
      client_secret_expires_at: secret === undefined ? undefined : 0,
      client_name: client.name,
      client_uri: client.uri,
      redirect_uris: client.redirectUris,
      token_endpoint_auth_method: client.authMethod,
      grant_types: client.grantTypes,
      response_types: ['code'],
    },
    201,
  );
});
