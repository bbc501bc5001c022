import type { Implementation, Tool } from '@modelcontextprotocol/client';
import { Fault, must, NotChecked } from '../doctor/check.ts';
import type { Answer } from '../doctor/deployment.ts';
import type { Fetched, Listing, Seen } from './seen.ts';

/** The listing, without which no other check of it says anything. */
export function listingIn({ settings }: Seen): Listing {
  if (!settings.listing) throw new NotChecked('needs a listing in the settings');
  return settings.listing;
}

/** What people read in lists. */
export function titleOf(seen: Seen): string {
  return listingIn(seen).title ?? seen.settings.name;
}

/** A text of the listing that somebody wants. Throws a fault without it. */
export function mustHave<K extends keyof Listing>(seen: Seen, key: K): NonNullable<Listing[K]> {
  const value = listingIn(seen)[key];
  if (value === undefined || value === null) throw new Fault(`listing.${key} is not set`);
  return value;
}

/** The tools of the server. */
export function toolsIn({ tools }: Seen): readonly Tool[] {
  if (!tools) throw new NotChecked('needs the sign-in');
  return tools;
}

/** What the server says of itself. */
export function identityIn({ identity }: Seen): Implementation {
  if (!identity) throw new NotChecked('needs the sign-in');
  return identity;
}

/** An answer of status 200 without a redirect. Throws a fault with what it is instead. */
export function found(fetched: Fetched): Answer {
  if ('unreachable' in fetched) throw new Fault(fetched.unreachable);
  const location = fetched.headers.get('location');
  must(location === null, `it redirects to ${location}`);
  must(fetched.status === 200, `the status is ${fetched.status}`);
  return fetched;
}

/** Holds an answer to be of this content type. */
export function mustBeOfType({ headers }: Answer, type: string): void {
  const sent = headers.get('content-type');
  must(sent?.split(';')[0]?.trim() === type, `the content type is ${sent ?? 'missing'}, not ${type}`);
}

/** The members of a JSON object. Throws a fault when it is none. */
export function membersIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Fault('it is no JSON object');
}

/** Holds nothing to be wrong: names the first few of what is, and what they are. */
export function mustBeNone(wrong: readonly string[], what = ''): void {
  const more = wrong.length > 5 ? ` and ${wrong.length - 5} more` : '';
  must(wrong.length === 0, `${wrong.slice(0, 5).join(', ')}${more} ${what}`.trimEnd());
}
