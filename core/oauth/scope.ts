import { OAuthError } from './error.ts';

/** A permission that a person can grant, what the consent page says of it, and which others it includes. */
export type ScopeDefinition = {
  readonly name: string;
  readonly text: string;
  readonly implies: readonly string[];
};

const LONGEST_SCOPE = 1_000;

/**
 * The scopes in a request, each once. Clients really send leading and double spaces, so those are passed over.
 * Throws when the text is longer than any honest request. RFC 6749 §3.3.
 */
export function parseScope(text: string | undefined): readonly string[] {
  if (text && text.length > LONGEST_SCOPE) throw new OAuthError('invalid_scope', 'scope is too long');
  return [...new Set(text?.split(/\s+/).filter(Boolean))];
}

/**
 * What a person is asked to grant: what the client asked for, as far as it exists here, in the catalogue's order.
 * A client that names nothing we know gets all of it, for the person to narrow. RFC 6749 §3.3.
 */
export function offeredScopes(asked: readonly string[], catalogue: readonly ScopeDefinition[]): readonly string[] {
  const names = catalogue.map(({ name }) => name);
  const known = names.filter((name) => asked.includes(name));
  return known.length > 0 ? known : names;
}

/** Says whether the granted scopes, with what they imply, allow the needed one. */
export function allows(granted: readonly string[], needed: string, catalogue: readonly ScopeDefinition[]): boolean {
  if (granted.includes(needed)) return true;
  return catalogue.some(({ name, implies }) => granted.includes(name) && implies.includes(needed));
}

/** The scopes of a refreshed access token: the grant's, or fewer. Throws when the client asks for more. RFC 6749 §6. */
export function narrowedScopes(
  asked: string | undefined,
  granted: readonly string[],
  catalogue: readonly ScopeDefinition[],
): readonly string[] {
  const known = parseScope(asked).filter((scope) => catalogue.some(({ name }) => name === scope));
  if (known.some((scope) => !allows(granted, scope, catalogue))) {
    throw new OAuthError('invalid_scope', 'scope goes beyond what was granted');
  }
  return known.length > 0 ? known : granted;
}
