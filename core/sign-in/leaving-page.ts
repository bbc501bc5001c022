import { html } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import type { OAuthError } from '#core/oauth/error.ts';
import type { Words } from '#core/words/words.ts';
import { destinationOf } from './destination.ts';
import { forDevelopers } from './notice-page.ts';
import { settlingNotice, settlingScript } from './settling.ts';

type Leaving = {
  readonly words: Words;
  readonly error: OAuthError;
  readonly redirectUri: string;
  readonly location: string;
};

/**
 * Tells a person of a refusal before it goes to a client that anybody may have made up: by itself this server sends
 * nobody to an address that a stranger chose. RFC 9700 §4.11.2.
 */
export function leavingPage({ words, error, redirectUri, location }: Leaving): Response {
  const { isThisDevice, shown } = destinationOf(redirectUri);
  const { leaving } = words;
  return page({
    words,
    title: leaving.title,
    status: error.status,
    script: settlingScript(words),
    body: html`<p>${leaving.refused}</p>
<p>${isThisDevice ? leaving.tellDevice : leaving.tellSite}</p>
<dl><dt>${leaving.destination}</dt><dd><bdi dir="ltr">${shown}</bdi></dd></dl>
<p class="warn">${leaving.warning}</p>
<div class="row"><a class="main" href="${location}">${leaving.onward}</a></div>
${settlingNotice}
${forDevelopers(words, error)}`,
  });
}
