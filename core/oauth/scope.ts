import { OAuthError } from './error.ts';

/** A permission that a person can grant, and which others it includes. */
export type ScopeDefinition = {
  readonly name: string;
  readonly implies: readonly string[];
};

const LONGEST_SCOPE = 1_000;
/** It is listed among our scopes, so it is known, and asks for what every client gets. */
const WITHOUT_EFFECT = 'offline_access';

/**
 * The scopes in a request, each once. Clients really send leading and double spaces, and commas between them, which no
 * scope of ours has. Throws when the text is longer than any honest request. RFC 6749 §3.3.
 */
export function parseScope(text: string | undefined): readonly string[] {
  if (text && text.length > LONGEST_SCOPE) throw new OAuthError('invalid_scope', 'scope is too long');
  return [...new Set(text?.split(/[\s,]+/).filter(Boolean))];
}

/**
 * What a person is asked to grant: what the client asked for, as far as it exists here, in the catalogue's order.
 * A client that names nothing we know gets the default, which has nothing in it that needs a role. RFC 6749 §3.3.
 */
export function offeredScopes(
  asked: readonly string[],
  catalogue: readonly ScopeDefinition[],
  byDefault: readonly string[],
): readonly string[] {
  const known = catalogue.map(({ name }) => name).filter((name) => asked.includes(name));
  return known.length > 0 ? known : byDefault;
}

/**
 * The scopes of a token that nobody is asked about: what was asked for of what is allowed, or all of that where nothing
 * was named. Throws when none is left: giving others than were asked for would hide that. RFC 6749 §3.3.
 */
export function allottedScopes(
  asked: string | undefined,
  allowed: readonly string[],
  catalogue: readonly ScopeDefinition[],
): readonly string[] {
  const named = parseScope(asked).filter((scope) => scope !== WITHOUT_EFFECT);
  const isKnown = (scope: string) => catalogue.some(({ name }) => name === scope);
  const allotted =
    named.length === 0 ? allowed : named.filter((scope) => isKnown(scope) && allows(allowed, scope, catalogue));
  if (allotted.length > 0) return allotted;
  const most =
    allowed.length > 0 ? `It may have: ${allowed.join(' ')}` : 'Its tenant’s policy and its role leave it none';
  throw new OAuthError('invalid_scope', `The client may have none of the scopes asked for. ${most}`);
}

/** True if the granted scopes, with what they imply, allow the needed one. */
export function allows(granted: readonly string[], needed: string, catalogue: readonly ScopeDefinition[]): boolean {
  if (granted.includes(needed)) return true;
  return catalogue.some(({ name, implies }) => granted.includes(name) && implies.includes(needed));
}

/**
 * The scopes of a refreshed access token: the grant's, or fewer. Clients repeat what they first asked for, so one that
 * names more than was granted gets what was granted of it, and the answer says what that is. Throws when it names
 * scopes, and none that is known here. RFC 6749 §3.3, §6.
 */
export function narrowedScopes(
  asked: string | undefined,
  granted: readonly string[],
  catalogue: readonly ScopeDefinition[],
): readonly string[] {
  const named = parseScope(asked);
  const known = named.filter((scope) => catalogue.some(({ name }) => name === scope));
  const isKnown = known.length > 0 || named.length === 0 || named.includes(WITHOUT_EFFECT);
  if (!isKnown) throw new OAuthError('invalid_scope', 'scope names no known scope');
  const allowed = known.filter((scope) => allows(granted, scope, catalogue));
  return allowed.length > 0 ? allowed : granted;
}
