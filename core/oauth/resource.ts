import { OAuthError } from './error.ts';

/**
 * Checks that every resource a client names is this MCP server, under any of the names clients give it:
 * with and without the slash, or the bare origin. Naming none means this one. RFC 8707 §2.
 */
export function requireOwnResource(named: readonly string[], mcpUrl: string): void {
  const { origin } = new URL(mcpUrl);
  const aliases = [mcpUrl, `${mcpUrl}/`, `${origin}/`];
  if (named.every((resource) => aliases.includes(normalized(resource)))) return;
  throw new OAuthError('invalid_target', `The only resource here is ${mcpUrl}`);
}

/** Scheme and host count in any case. RFC 3986 §6.2.2.1. */
function normalized(resource: string): string {
  return URL.canParse(resource) ? new URL(resource).href : '';
}
