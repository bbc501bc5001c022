/** The scopes that a client is told to ask for, and that a person is offered who has no role. RFC 9728 §2. */
export async function initialScopes(issuer: string): Promise<string[]> {
  const response = await fetch(`${issuer}/.well-known/oauth-protected-resource`);
  return ((await response.json()) as { readonly scopes_supported: string[] }).scopes_supported;
}
