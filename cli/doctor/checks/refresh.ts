import type { Wire } from '../../shared/wire.ts';
import { must } from '../check.ts';
import { type Deployment, json } from '../deployment.ts';

/** What a refresh gives. */
type Refreshed = { readonly accessToken: string; readonly refreshToken: string; readonly scope: string };

/** For which scope alone, and by which wire. */
type How = { readonly scope?: string; readonly wire?: Wire };

/** Spends a refresh token, for all of its scopes or for one. Throws a fault when that gives no tokens. RFC 6749 §6. */
export async function refreshWith(
  refreshToken: string,
  deployment: Deployment,
  { scope, wire }: How = {},
): Promise<Refreshed> {
  const { clientId: client_id } = deployment;
  const asked = { grant_type: 'refresh_token', client_id, refresh_token: refreshToken, ...(scope && { scope }) };
  const answer = await deployment.post('/token', asked, wire);
  const said = json(answer);
  must(answer.status === 200, `it is refused with ${answer.status} ${said.error}`);
  const { access_token, refresh_token } = said;
  must(typeof access_token === 'string' && access_token !== '', 'there is no access token');
  must(typeof refresh_token === 'string' && refresh_token !== '', 'there is no refresh token');
  must(typeof said.expires_in === 'number', 'it is not said when the access token expires');
  return { accessToken: access_token, refreshToken: refresh_token, scope: String(said.scope) };
}
