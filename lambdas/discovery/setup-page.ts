import { type Html, html } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { issuer, mcpUrl } from '#core/issuer.ts';
import { name } from '#generated';

const key = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
const cursorConfiguration = Buffer.from(JSON.stringify({ url: mcpUrl })).toString('base64');
const cursorLink = `cursor://anysphere.cursor-deeplink/mcp/install?${new URLSearchParams({ name, config: cursorConfiguration })}`;
const codeLink = `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: key, type: 'http', url: mcpUrl }))}`;

/** Buttons appear only where the script that they need runs. */
const script = `for (const pre of document.querySelectorAll('.copy pre')) {
  const button = document.createElement('button');
  button.textContent = 'Copy';
  button.setAttribute('aria-label', 'Copy ' + pre.textContent);
  button.onclick = () => navigator.clipboard.writeText(pre.textContent).then(() => { button.textContent = 'Copied'; button.removeAttribute('aria-label'); });
  pre.after(button);
}`;

/** How to connect, for each client. */
export const setupPage: Response = withCache(
  page({
    title: `Connect to ${name}`,
    wide: true,
    script,
    body: html`<p>Give your client this address. It opens your browser, you type the code that we mail you, and you choose what the client may do.</p>
${copyable(mcpUrl)}
<h2>Claude</h2>
<p>Settings → Connectors → Add custom connector. Paste the address.</p>
<h2>Claude Code</h2>
${copyable(`claude mcp add --transport http ${key} ${mcpUrl}`)}
<p class="soft">Then type <code>/mcp</code> and choose Authenticate.</p>
<h2>ChatGPT</h2>
<p>Settings → Apps &amp; Connectors → Advanced → Developer mode, then Create. Paste the address and choose OAuth.</p>
<h2>Cursor</h2>
<p><a href="${cursorLink}">Add to Cursor</a>, or put this into <code>~/.cursor/mcp.json</code>:</p>
${copyable(JSON.stringify({ mcpServers: { [key]: { url: mcpUrl } } }, null, 2))}
<h2>VS Code</h2>
<p><a href="${codeLink}">Add to VS Code</a>, or run this:</p>
${copyable(`code --add-mcp '${JSON.stringify({ name: key, type: 'http', url: mcpUrl })}'`)}
<h2>Others</h2>
<p>A client that only starts programs reaches this server through a bridge:</p>
${copyable(`npx mcp-remote ${mcpUrl}`)}
<p class="soft">The sign-in server is <code>${issuer}</code>.</p>`,
  }),
);

function copyable(text: string): Html {
  return html`<div class="copy"><pre>${text}</pre></div>`;
}

function withCache(response: Response): Response {
  return { ...response, headers: { ...response.headers, 'cache-control': 'public, max-age=300' } };
}
