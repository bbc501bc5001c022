/** The scopes that a client is told to ask for, and that a person is offered who has no role. RFC 9728 §2. */
export async function initialScopes(issuer: string): Promise<string[]> {
  const response = await fetch(`${issuer}/.well-known/oauth-protected-resource`);
  return ((await response.json()) as { readonly scopes_supported: string[] }).scopes_supported;
}

/** Every scope that there is, those that need a role too. RFC 8414 §2. */
async function everyScope(issuer: string): Promise<string[]> {
  const response = await fetch(`${issuer}/.well-known/oauth-authorization-server`);
  return ((await response.json()) as { readonly scopes_supported: string[] }).scopes_supported;
}

/** Asks by name for what an admin may have. */
export async function asAdmin(issuer: string, role: 'member' | 'admin'): Promise<{ readonly scope?: string }> {
  return role === 'admin' ? { scope: (await everyScope(issuer)).join(' ') } : {};
}
