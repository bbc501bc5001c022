import { form, parameter } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { empty, type Response } from '#core/http/response.ts';
import { canonicalAddress } from '#core/mail/email-address.ts';
import { randomSecret } from '#core/oauth/digest.ts';
import { authorizationUrl, type Provider } from '#core/oauth/provider.ts';
import { standingOf } from '#core/oauth/sign-in.ts';
import { paths } from '#core/routes.ts';
import { postingBrowser } from '#core/sign-in/browser.ts';
import { shownSession } from '#core/sign-in/session.ts';
import { sentToProvider, signInLookup } from '#core/store/sign-ins.ts';
import { findAll } from '#core/store/table.ts';
import { metadataOf } from './ask.ts';
import { failedPage } from './failed-page.ts';
import { githubEndpoints } from './github.ts';
import { redirectUriOf, requireProvider } from './known-provider.ts';
import { credentialOf } from './tokens.ts';
import { askedBy } from './unmet.ts';
import { wayOf } from './way.ts';

/**
 * Sends a window to a provider. Where it cannot be reached, or we have no secret for it, nobody is sent there.
 * OpenID Connect Core 1.0 §3.1.2.1.
 */
export async function leave(request: Request): Promise<Response> {
  const { now, query } = request;
  const sent = form(request);
  const provider = requireProvider(parameter(sent, 'provider') ?? query.get('provider') ?? undefined);
  const browser = postingBrowser(request, sent);
  if (!browser) return goOn();
  const [signIn, session] = await findAll([signInLookup(browser.id), shownSession(request)], now);
  if (!signIn || standingOf(signIn, browser.browserHash, now) !== 'open') return goOn();
  try {
    const [endpoint] = await Promise.all([endpointOf(provider, now), credentialOf(provider, now)]);
    const salt = randomSecret();
    const { done } = await sentToProvider(browser, provider.id, salt);
    if (!done) return goOn();
    const location = authorizationUrl(provider, {
      ...wayOf(browser, provider, salt),
      endpoint,
      redirectUri: redirectUriOf(provider),
      isForced: signIn.freshness?.isForced ?? false,
      ...askedBy(signIn),
      loginHint:
        canonicalAddress(parameter(sent, 'email') ?? '') ??
        signIn.address ??
        (session?.provider === provider.id ? session.address : undefined),
      language: signIn.language,
    });
    return empty(303, { location });
  } catch (error) {
    return failedPage(error, { request, provider, browser, signIn });
  }
}

async function endpointOf(provider: Provider, now: number): Promise<string> {
  if (provider.kind === 'github') return githubEndpoints(provider).authorization;
  return (await metadataOf(provider, now)).authorizationEndpoint;
}

/** Each window gets the page for its state there. 307 makes the browser post the same form again. RFC 9110 §15.4.8. */
function goOn(): Response {
  return empty(307, { location: paths.consent });
}
