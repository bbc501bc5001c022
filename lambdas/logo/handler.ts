import { endpoint } from '#core/http/endpoint.ts';
import { oauthJson } from '#core/http/oauth-json.ts';
import type { Request } from '#core/http/request.ts';
import { empty, type Response } from '#core/http/response.ts';
import { networkRates } from '#core/network-rates.ts';
import { tooManyRequests } from '#core/oauth/error.ts';
import { signInSeconds, standingOf } from '#core/oauth/sign-in.ts';
import { visitingBrowser } from '#core/sign-in/browser.ts';
import { denialLookups, unlessDenied } from '#core/store/denials.ts';
import { claimLogo, keepLogo, type Logo, logoLookup, type Picture } from '#core/store/logos.ts';
import { count } from '#core/store/rates.ts';
import { type SignIn, signInLookup } from '#core/store/sign-ins.ts';
import { find, findAll } from '#core/store/table.ts';
import { fetchPicture } from './fetch-picture.ts';
import { initialOf } from './initial.ts';

/** No page of another site has to do with it. */
const form = { ...oauthJson, headers: {} };

/** Opened by itself, a picture can do nothing. It is for the page that it is on, for as long as that is open. */
const pictureHeaders = {
  'cache-control': `private, max-age=${signInSeconds}`,
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * The picture of the client that asks the person in this browser for access. This server fetches it, so that nobody's
 * browser does, and shows it to nobody else. Client ID Metadata Document §6.
 */
export const handler = endpoint(async (request) => {
  const { now } = request;
  const signIn = await signInOf(request);
  if (signIn?.logoUri === undefined) return empty(404);
  const waitSeconds = await count(networkRates('logosPerIp', request), now);
  if (waitSeconds !== undefined) throw tooManyRequests(waitSeconds);
  const { clientId } = signIn.request;
  const [kept, ...denials] = await findAll([logoLookup(clientId), ...denialLookups(clientId)], now);
  if (!unlessDenied(signIn, denials)) return empty(404);
  return logoOf(signIn, signIn.logoUri, kept, now);
}, form);

/** The sign-in of this browser in which somebody is asked for consent. */
async function signInOf(request: Request): Promise<SignIn | undefined> {
  const browser = visitingBrowser(request, request.query.get('transaction') ?? '');
  const signIn = browser && (await find(signInLookup(browser.id), request.now));
  return signIn && standingOf(signIn, browser.browserHash, request.now) === 'signed-in' ? signIn : undefined;
}

/** What is kept of the client, or what there is to fetch; else the first letter of its name. */
async function logoOf(
  { clientName, request: { clientId } }: SignIn,
  logoUri: string,
  kept: Logo | undefined,
  now: number,
): Promise<Response> {
  const initial = answerWith(initialOf(clientName ?? new URL(clientId).host));
  if (kept?.logoUri === logoUri) return kept.picture ? answerWith(kept.picture) : initial;
  if (!(await claimLogo(clientId, logoUri, now))) return initial;
  const fetched = await fetchPicture(logoUri, clientId);
  if (!('picture' in fetched)) return { ...initial, reason: `no logo of ${clientId}: ${fetched.reason}` };
  await keepLogo(clientId, logoUri, fetched.picture, now);
  return answerWith(fetched.picture);
}

function answerWith({ type, bytes }: Picture): Response {
  return {
    status: 200,
    headers: { ...pictureHeaders, 'content-type': type },
    body: Buffer.from(bytes).toString('base64'),
    isBase64: true,
  };
}
