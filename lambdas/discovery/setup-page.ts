import { html, phrase } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { wideStyle } from '#core/http/wide-style.ts';
import { issuer, mcpUrl } from '#core/issuer.ts';
import { paths } from '#core/routes.ts';
import { fill } from '#core/words/say.ts';
import type { Words } from '#core/words/words.ts';
import { name } from '#generated';
import { clients, copyable } from './clients.ts';
import { offeredTools } from './offered-tools.ts';

/** Buttons appear only where the script that they need runs. Their texts are on the element before them. */
const script = `for (const pre of document.querySelectorAll('.copy pre')) {
  const button = document.createElement('button');
  button.textContent = pre.dataset.copy;
  button.setAttribute('aria-label', pre.dataset.label);
  button.onclick = () => navigator.clipboard.writeText(pre.textContent).then(() => { button.textContent = pre.dataset.copied; button.removeAttribute('aria-label'); });
  pre.after(button);
}`;

/** How to connect, with each client, and what for. */
export function setupPage(words: Words): Response {
  const { home } = words;
  const health = html`<a href="${paths.health}"><code dir="ltr">${paths.health}</code></a>`;
  return withCache(
    page({
      words,
      title: fill(home.title, { name }),
      wide: wideStyle,
      script,
      body: html`<p>${home.lead}</p>
${copyable(mcpUrl, home)}
<p class="soft">${phrase(home.up, { health })}</p>
<h2>${home.clientsTitle}</h2>
${clients(words)}
${offeredTools(words)}
<p class="soft">${phrase(home.issuer, { issuer: html`<code dir="ltr">${issuer}</code>` })}</p>`,
    }),
  );
}

function withCache(response: Response): Response {
  return { ...response, headers: { ...response.headers, 'cache-control': 'public, max-age=300' } };
}
