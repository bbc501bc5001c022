import { ulid } from 'ulid';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { wordsFor } from '#core/http/words-for.ts';
import { networkRates } from '#core/network-rates.ts';
import { randomSecret, sha256 } from '#core/oauth/digest.ts';
import { paths } from '#core/routes.ts';
import { bindingCookies, formHash, tooOften } from '#core/sign-in/browser.ts';
import { emailPage } from '#core/sign-in/email-page.ts';
import { requestForAccount } from '#core/sign-in/for-account.ts';
import { shownSession } from '#core/sign-in/session.ts';
import { countWith } from '#core/store/rates.ts';
import { newSignIn, startSignIn } from '#core/store/sign-ins.ts';
import { find } from '#core/store/table.ts';

/** The pages of the account that a sign-in may lead to. */
const pages: ReadonlySet<string> = new Set([
  paths.account,
  paths.passkeys,
  paths.accountActivity,
  paths.accountData,
  paths.accountDelete,
]);

/**
 * Begins a sign-in that leads to a page of the account. It always takes a proof, though the browser may know the person: it
 * is how they show once more that it is them.
 */
export async function beginSignIn(request: Request): Promise<Response> {
  const { now, nowMilliseconds, query } = request;
  const words = await wordsFor(request);
  const [id, secret] = [ulid(nowMilliseconds), randomSecret()];
  const to = query.get('to') ?? '';
  const begun = {
    id,
    browserHash: sha256(secret),
    formHash: formHash(secret),
    request: requestForAccount(pages.has(to) ? to : paths.account),
    freshness: { isForced: true },
    clientName: undefined,
    language: words.language,
  };
  const [session, { waitSeconds }] = await Promise.all([
    find(shownSession(request), now),
    countWith(networkRates('authorizationsPerIp', request), startSignIn(newSignIn(begun, now)), now),
  ]);
  if (waitSeconds !== undefined) throw tooOften(waitSeconds, words);
  return { ...emailPage({ id, secret, words }, session?.address), cookies: bindingCookies(request, id, secret) };
}

/** Where a sign-in begins that leads to a page of the account. */
export function signInFor(path: string): string {
  return path !== paths.account && pages.has(path) ? `${paths.accountSignIn}?to=${path}` : paths.accountSignIn;
}
