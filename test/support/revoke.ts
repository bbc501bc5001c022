import { ask } from './http.ts';

/** Revokes a token as a client does when its person signs out: a public one, without headers. Throws if that is refused. RFC 7009 §2.1. */
export async function revoke(
  issuer: string,
  clientId: string,
  token: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const body = new URLSearchParams({ client_id: clientId, token });
  const response = await ask(`${issuer}/revoke`, { method: 'POST', headers, body });
  if (response.status !== 200) throw new Error(`Not revoked: ${response.status} ${await response.text()}`);
}
