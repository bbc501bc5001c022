import type { Request } from '#core/http/request.ts';
import { empty, type Response } from '#core/http/response.ts';
import { wordsOf } from '#core/http/words-for.ts';
import { issuer } from '#core/issuer.ts';
import { errorRedirect } from '#core/oauth/authorization-request.ts';
import { isClientUrl } from '#core/oauth/client-url.ts';
import { OAuthError } from '#core/oauth/error.ts';
import type { Asked } from '#core/oauth/id-token.ts';
import { acrValuesIn } from '#core/oauth/prompt.ts';
import { leavingPage } from '#core/sign-in/leaving-page.ts';
import type { SignIn } from '#core/store/sign-ins.ts';
import { recordFailure } from './failed-page.ts';
import { Failure } from './failure.ts';
import type { Returned } from './returned.ts';

/** What the client of a window asks of the sign-in at the provider. */
export function askedBy({ freshness }: Pick<SignIn, 'freshness'>): Asked {
  return freshness ? { maxAgeSeconds: freshness.maxAgeSeconds, acrValues: acrValuesIn(freshness) } : {};
}

/**
 * Tells a client that the provider did not sign the person in as it asked. One that registered itself is told by the person's
 * hand: by itself this server sends nobody to an address that a stranger chose. RFC 9700 §4.11.2.
 */
export async function answerUnmet(
  why: string,
  { provider, signIn }: Pick<Returned, 'provider' | 'signIn'>,
  request: Request,
): Promise<Response> {
  await recordFailure(new Failure('failed', why), { request, provider, signIn });
  const { redirectUri, state, clientId } = signIn.request;
  const description = `The provider through which the person signed in did not do as asked: ${why}`;
  const error = new OAuthError('unmet_authentication_requirements', description);
  const location = errorRedirect({ redirectUri, state, issuer }, error);
  const isTrusted = signIn.isOfOperator === true || isClientUrl(clientId);
  const answer = isTrusted
    ? empty(303, { location })
    : leavingPage({ words: await wordsOf(signIn), error, redirectUri, location });
  return { ...answer, reason: `sign-in through ${provider.id}: ${why}` };
}
