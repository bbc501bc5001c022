import { OAuthError } from './error.ts';
import { requireShort } from './parameter-length.ts';

/** What a client asks of the sign-in. OpenID Connect Core 1.0 §3.1.2.1. */
export type Prompt = {
  readonly prompt?: string;
  readonly max_age?: string;
  readonly acr_values?: string;
};

/**
 * How fresh a sign-in has to be: made for this very request, or not older than so many seconds. And how it may be made, in
 * the words of an outside provider.
 */
export type Freshness = {
  readonly isForced: boolean;
  readonly maxAgeSeconds?: number;
  readonly acrValues?: string | undefined;
};

/** The longest `acr_values`: it is kept with the sign-in, and sent on to a provider. */
const LONGEST_ACR_VALUES = 500;

/**
 * Reads how fresh the sign-in has to be, and how it may be made. Throws when `max_age` is no number, or `acr_values` too
 * long. OpenID Connect Core 1.0 §3.1.2.1.
 */
export function freshnessOf({ prompt, max_age, acr_values: acrValues }: Prompt): Freshness {
  requireShort('acr_values', acrValues, LONGEST_ACR_VALUES);
  const isForced = wishesOf(prompt).some((wish) => wish === 'login' || wish === 'select_account');
  if (!max_age) return { isForced, acrValues };
  if (!/^\d{1,9}$/.test(max_age)) throw new OAuthError('invalid_request', 'max_age must be a number of seconds');
  const maxAgeSeconds = Number(max_age);
  return { isForced: isForced || maxAgeSeconds === 0, maxAgeSeconds, acrValues };
}

/** Whom a browser knows: since when, and whether they have approved the client before. */
type Known = { readonly signedInAt: number; readonly hasApproved: boolean };

/**
 * True if the person has to sign in although this browser knows them.
 * Throws when the client wants no page at all, for consent is always asked. A client that the person never approved is
 * not told that there is anybody. OpenID Connect Core 1.0 §3.1.2.6.
 */
export function mustSignIn(prompt: Prompt, known: Known | undefined, now: number): boolean {
  const freshness = freshnessOf(prompt);
  const must = known === undefined || !isRecentEnough(freshness, known.signedInAt, now);
  const wishes = wishesOf(prompt.prompt);
  if (!wishes.includes('none')) return must;
  if (wishes.length > 1) throw new OAuthError('invalid_request', 'prompt none must not be combined with other values');
  throw must || !known?.hasApproved
    ? new OAuthError('login_required', 'The person must sign in')
    : new OAuthError('consent_required', 'The person must give consent');
}

/**
 * True if a request that began at this time may go on with a sign-in from another window. One that was made after the
 * request began is as fresh as any that the request could ask for.
 */
export function isFreshEnough(
  freshness: Freshness,
  { signedInAt, begunAt, now }: { readonly signedInAt: number; readonly begunAt: number; readonly now: number },
): boolean {
  return (signedInAt > begunAt && !freshness.acrValues) || isRecentEnough(freshness, signedInAt, now);
}

/** How a sign-in was made is not known afterwards. */
function isRecentEnough({ isForced, maxAgeSeconds, acrValues }: Freshness, signedInAt: number, now: number): boolean {
  if (isForced || acrValues) return false;
  return maxAgeSeconds === undefined || now - signedInAt <= maxAgeSeconds;
}

/** The parameters that ask for it again. */
export function promptFor({ isForced, maxAgeSeconds, acrValues }: Freshness): Prompt {
  return {
    ...(acrValues ? { acr_values: acrValues } : {}),
    ...(isForced ? { prompt: 'login' } : {}),
    ...(maxAgeSeconds === undefined ? {} : { max_age: String(maxAgeSeconds) }),
  };
}

function wishesOf(prompt: string | undefined): readonly string[] {
  return prompt?.split(' ').filter(Boolean) ?? [];
}

/** The values of `acr_values` that a client asks for. None is as good as not asking. */
export function acrValuesIn({ acrValues }: Pick<Freshness, 'acrValues'>): readonly string[] | undefined {
  const values = acrValues?.split(' ').filter(Boolean) ?? [];
  return values.length > 0 ? values : undefined;
}
