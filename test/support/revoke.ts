/** Revokes a token as a public client does when its person signs out. Throws if that is refused. RFC 7009 §2.1. */
export async function revoke(issuer: string, clientId: string, token: string): Promise<void> {
  const body = new URLSearchParams({ client_id: clientId, token });
  const response = await fetch(`${issuer}/revoke`, { method: 'POST', body });
  if (response.status !== 200) throw new Error(`Not revoked: ${response.status} ${await response.text()}`);
}
