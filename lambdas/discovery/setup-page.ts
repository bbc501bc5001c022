import { type Html, html, phrase } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { issuer, mcpUrl } from '#core/issuer.ts';
import { fill } from '#core/words/say.ts';
import type { Words } from '#core/words/words.ts';
import { name } from '#generated';

const key = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
const cursorConfiguration = Buffer.from(JSON.stringify({ url: mcpUrl })).toString('base64');
const cursorLink = `cursor://anysphere.cursor-deeplink/mcp/install?${new URLSearchParams({ name, config: cursorConfiguration })}`;
const codeLink = `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: key, type: 'http', url: mcpUrl }))}`;

/** Buttons appear only where the script that they need runs. Their texts are on the element before them. */
const script = `for (const pre of document.querySelectorAll('.copy pre')) {
  const button = document.createElement('button');
  button.textContent = pre.dataset.copy;
  button.setAttribute('aria-label', pre.dataset.label);
  button.onclick = () => navigator.clipboard.writeText(pre.textContent).then(() => { button.textContent = pre.dataset.copied; button.removeAttribute('aria-label'); });
  pre.after(button);
}`;

/** How to connect, for each client. */
export function setupPage(words: Words): Response {
  const { home } = words;
  const copyable = (text: string): Html =>
    html`<div class="copy"><pre dir="ltr" data-copy="${home.copy}" data-copied="${home.copied}" data-label="${fill(home.copyThis, { text })}">${text}</pre></div>`;
  return withCache(
    page({
      words,
      title: fill(home.title, { name }),
      wide: true,
      script,
      body: html`<p>${home.lead}</p>
${copyable(mcpUrl)}
<h2>Claude</h2>
<p>${home.claude}</p>
<h2>Claude Code</h2>
${copyable(`claude mcp add --transport http ${key} ${mcpUrl}`)}
<p class="soft">${phrase(home.claudeCode, { command: html`<code>/mcp</code>` })}</p>
<h2>ChatGPT</h2>
<p>${home.chatgpt}</p>
<h2>Cursor</h2>
<p><a href="${cursorLink}">${home.cursorLink}</a></p>
<p>${phrase(home.cursor, { file: html`<code>~/.cursor/mcp.json</code>` })}</p>
${copyable(JSON.stringify({ mcpServers: { [key]: { url: mcpUrl } } }, null, 2))}
<h2>VS Code</h2>
<p><a href="${codeLink}">${home.codeLink}</a></p>
<p>${home.code}</p>
${copyable(`code --add-mcp '${JSON.stringify({ name: key, type: 'http', url: mcpUrl })}'`)}
<h2>${home.othersTitle}</h2>
<p>${home.others}</p>
${copyable(`npx mcp-remote ${mcpUrl}`)}
<p class="soft">${phrase(home.issuer, { issuer: html`<code dir="ltr">${issuer}</code>` })}</p>`,
    }),
  );
}

function withCache(response: Response): Response {
  return { ...response, headers: { ...response.headers, 'cache-control': 'public, max-age=300' } };
}
