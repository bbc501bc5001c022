import { html } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import type { OAuthError } from '#core/oauth/error.ts';
import { settlingNotice, settlingScript } from '#core/sign-in/settling.ts';
import { destinationOf } from '../destination.ts';

type Leaving = { readonly error: OAuthError; readonly redirectUri: string; readonly location: string };

/**
 * Tells a person of a refusal before it goes to a client that anybody may have made up: by itself this server sends
 * nobody to an address that a stranger chose. RFC 9700 §4.11.2.
 */
export function leavingPage({ error, redirectUri, location }: Leaving): Response {
  const { isThisDevice, shown } = destinationOf(redirectUri);
  return page({
    title: 'This cannot go on',
    status: error.status,
    script: settlingScript,
    body: html`<p>An application sent you here with a request that is refused: ${error.message}.</p>
<p>Nothing was approved. The application can be told so, ${isThisDevice ? 'by a program on this device' : 'at another site'}:</p>
<dl><dt>It answers at</dt><dd>${shown}</dd></dl>
<p class="warn">Go on only if you have just started this yourself.</p>
<div class="row"><a class="main" href="${location}">Go on to the application</a></div>
${settlingNotice}`,
  });
}
