import { type ClientCredentials, clientCredentials } from '#core/oauth/client-authentication.ts';
import type { Parameters } from './parameters.ts';
import type { Request } from './request.ts';

/** Who calls a client's endpoint, from the header or the form. A header without a value says nothing. Throws `invalid_client`. RFC 6749 §2.3. */
export function callingClient(request: Request, parameters: Parameters): ClientCredentials {
  return clientCredentials({
    authorization: request.headers.authorization?.trim() || undefined,
    clientId: parameters.client_id,
    clientSecret: parameters.client_secret,
    assertion: parameters.client_assertion,
    assertionType: parameters.client_assertion_type,
  });
}
