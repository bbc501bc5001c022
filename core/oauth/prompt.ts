import { OAuthError } from './error.ts';

/** What a client asks of the sign-in. OpenID Connect Core 1.0 §3.1.2.1. */
export type Prompt = {
  readonly prompt?: string;
  readonly max_age?: string;
};

/**
 * Says whether the person has to sign in although this browser knows them since then.
 * Throws when the client wants no page at all, for consent is always asked. OpenID Connect Core 1.0 §3.1.2.6.
 */
export function mustSignIn({ prompt, max_age }: Prompt, signedInAt: number | undefined, now: number): boolean {
  const wishes = prompt?.split(' ').filter(Boolean) ?? [];
  if (max_age !== undefined && !/^\d{1,9}$/.test(max_age)) {
    throw new OAuthError('invalid_request', 'max_age must be a number of seconds');
  }
  const isTooOld = max_age !== undefined && signedInAt !== undefined && now - signedInAt > Number(max_age);
  const isAsked = wishes.includes('login') || wishes.includes('select_account');
  const must = signedInAt === undefined || isTooOld || isAsked || max_age === '0';
  if (!wishes.includes('none')) return must;
  if (wishes.length > 1) throw new OAuthError('invalid_request', 'prompt none stands alone');
  throw must
    ? new OAuthError('login_required', 'The person has to sign in')
    : new OAuthError('consent_required', 'The person has to consent');
}
