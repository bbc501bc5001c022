import { RegistrationRejectedError, registerClient } from '@modelcontextprotocol/client';
import type { Discovered } from './discovery.ts';
import { Failure } from './failure.ts';
import type { ClientIdentity } from './tokens.ts';
import type { Wire } from './wire.ts';

/** Registers a public native client that answers come to on this device. RFC 7591 §3, RFC 8252 §8.4. */
export async function register(server: Discovered, redirectUri: string, wire: Wire): Promise<ClientIdentity> {
  if (!server.metadata.registration_endpoint) {
    throw new Failure(`The authorization server ${server.issuer} does not let clients register themselves.`, 3);
  }
  try {
    const { client_id, client_secret } = await registerClient(server.issuer, {
      metadata: server.metadata,
      clientMetadata: {
        client_name: 'Vestibule command line',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        application_type: 'native',
      },
      fetchFn: wire,
    });
    return { client_id, ...(client_secret && { client_secret }) };
  } catch (error) {
    if (!(error instanceof RegistrationRejectedError)) throw error;
    throw new Failure(`The server refused to register this client (${error.status}): ${error.body.slice(0, 300)}`, 3);
  }
}
