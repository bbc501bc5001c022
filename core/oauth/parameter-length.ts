import { OAuthError } from './error.ts';

/** Throws when a parameter has more characters than are kept of it. */
export function requireShort(name: string, text: string | undefined, most: number): void {
  if (text && text.length > most)
    throw new OAuthError('invalid_request', `${name} must have at most ${most} characters`);
}
