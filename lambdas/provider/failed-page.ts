import { html, phrase } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { networkOf } from '#core/http/source.ts';
import { wordsFor, wordsOf } from '#core/http/words-for.ts';
import { networkRates } from '#core/network-rates.ts';
import type { Provider } from '#core/oauth/provider.ts';
import { record } from '#core/record.ts';
import { paths } from '#core/routes.ts';
import { type Browser, tooOften } from '#core/sign-in/browser.ts';
import { hidden } from '#core/sign-in/form.ts';
import { audited } from '#core/store/audit.ts';
import { hidden as hiddenText } from '#core/store/hidden.ts';
import { count } from '#core/store/rates.ts';
import type { SignIn } from '#core/store/sign-ins.ts';
import { name } from '#generated';
import { Failure } from './failure.ts';

type Failed = {
  readonly request: Request;
  readonly provider: Provider;
  /** The window, where the browser shows that it has it open. */
  readonly browser?: Browser | undefined;
  readonly signIn?: SignIn | undefined;
};

/**
 * Tells a person that the sign-in through a provider came to nothing, with a reference under which the log and the audit
 * have what was wrong. The window stays open, so that they may try again. Throws what is no failure.
 */
export async function failedPage(error: unknown, failed: Failed): Promise<Response> {
  if (!(error instanceof Failure)) throw error;
  const { request, provider, browser, signIn } = failed;
  await recordFailure(error, failed);
  const words = await (signIn ? wordsOf(signIn) : wordsFor(request));
  const text = words.provider[error.text];
  const given = {
    provider: html`<bdi>${provider.name}</bdi>`,
    name: html`<bdi>${name}</bdi>`,
    id: html`<code>${request.id}</code>`,
  };
  const answer = page({
    words,
    title: words.provider.failedTitle,
    status: error.status,
    body: html`<p class="warn" role="alert"${error.obstacle && html` data-obstacle="${error.obstacle}"`}>${phrase<'{provider}{name}{id}'>(text as '{provider}{name}{id}', given)}</p>
${browser && error.text !== 'otherWindow' && waysOn(browser, provider, words)}`,
  });
  return { ...answer, reason: `sign-in through ${provider.id}: ${error.detail}` };
}

function waysOn(browser: Browser, { id }: Provider, words: Awaited<ReturnType<typeof wordsOf>>) {
  const form = { ...browser, words };
  return html`<form method="post" action="${paths.provider}">
${hidden(form)}
<div class="row"><button class="main" name="provider" value="${id}">${words.provider.again}</button></div>
</form>
<form method="post" action="${paths.email}">
${hidden(form)}<input type="hidden" name="other" value="1">
<p class="soft"><button class="link">${words.provider.otherWay}</button></p>
</form>`;
}

/** Counts and records what was refused. Throws when the network has had too many. */
export async function recordFailure({ detail }: Failure, { request, provider, signIn }: Failed): Promise<void> {
  const rates = networkRates('refusedByProviderPerIp', request);
  const waitSeconds = await count(rates, request.now);
  if (waitSeconds !== undefined) throw tooOften(waitSeconds, signIn ?? {});
  const network = await hiddenText('network', networkOf(request));
  const event = {
    event: 'provider_refused',
    provider: provider.id,
    // Cut in the middle of a character, it could not be stored.
    reason: detail.slice(0, 300).toWellFormed(),
    reference: request.id,
    network,
  } as const;
  await record([audited({ subject: network, tenant: 'public' }, event, request.nowMilliseconds)]);
}
