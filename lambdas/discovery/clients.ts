import { type Html, html, phrase } from '#core/http/html.ts';
import { mcpUrl } from '#core/issuer.ts';
import { fill } from '#core/words/say.ts';
import type { Words } from '#core/words/words.ts';
import { name } from '#generated';
import { claudeLink, codeLink, cursorLink } from './install-links.ts';
import { serverKey } from './server-key.ts';

type Texts = Words['home'];

const key = serverKey(name);
const server = { key, name, url: mcpUrl };

/** A text with a button next to it that copies it, if scripts run. */
export function copyable(text: string, home: Texts): Html {
  return html`<div class="copy"><pre dir="ltr" data-copy="${home.copy}" data-copied="${home.copied}" data-label="${fill(home.copyThis, { text })}">${text}</pre></div>`;
}

const settings = (value: unknown): string => JSON.stringify(value, null, 2);
const code = (text: string): Html => html`<code dir="ltr">${text}</code>`;

/** How to connect, in each client by its own documentation. */
export function clients({ home }: Words): Html {
  const copy = (text: string) => copyable(text, home);
  return html`<ul class="cards">
${client(
  'Claude',
  html`${addTo('Claude', claudeLink(server), home)}
<p>${home.claude}</p>`,
)}
${client(
  'Claude Code',
  html`<p>${home.run}</p>
${copy(`claude mcp add --transport http ${key} ${mcpUrl}`)}
<p class="soft">${phrase(home.claudeCode, { command: code('/mcp') })}</p>`,
)}
${client('ChatGPT', html`<p>${home.chatgpt}</p>`)}
${client(
  'Codex',
  html`<p>${home.run}</p>
${copy(`codex mcp add ${key} --url ${mcpUrl}`)}
<p class="soft">${phrase(home.codex, { command: code(`codex mcp login ${key}`) })}</p>`,
)}
${client(
  'Cursor',
  html`${addTo('Cursor', cursorLink(server), home)}
<p>${phrase(home.orFile, { file: code('~/.cursor/mcp.json') })}</p>
${copy(settings({ mcpServers: { [key]: { url: mcpUrl } } }))}`,
)}
${client(
  'VS Code',
  html`${addTo('VS Code', codeLink(server), home)}
<p>${home.orRun}</p>
${copy(`code --add-mcp '${JSON.stringify({ name: key, type: 'http', url: mcpUrl })}'`)}`,
)}
${client(
  'Gemini CLI',
  html`<p>${home.run}</p>
${copy(`gemini mcp add --scope user --transport http ${key} ${mcpUrl}`)}
<p class="soft">${phrase(home.gemini, { command: code(`/mcp auth ${key}`) })}</p>`,
)}
${client(
  'Windsurf',
  html`<p>${phrase(home.windsurf, { file: code('~/.codeium/windsurf/mcp_config.json') })}</p>
${copy(settings({ mcpServers: { [key]: { serverUrl: mcpUrl } } }))}`,
)}
${client(
  'Zed',
  html`<p>${phrase(home.zed, { command: code('zed: open settings file') })}</p>
${copy(settings({ context_servers: { [key]: { url: mcpUrl } } }))}`,
)}
${client(
  'MCP Inspector',
  html`<p>${home.run}</p>
${copy(`npx @modelcontextprotocol/inspector --transport http --server-url ${mcpUrl}`)}
<p class="soft">${home.inspector}</p>`,
)}
${client(
  home.othersTitle,
  html`<p>${home.others}</p>
${copy(`npx mcp-remote ${mcpUrl}`)}`,
)}
</ul>`;
}

function client(title: string, steps: Html): Html {
  return html`<li>
<h3>${title}</h3>
${steps}
</li>`;
}

function addTo(client: string, link: string, home: Texts): Html {
  return html`<p><a href="${link}">${fill(home.addTo, { client })}</a></p>`;
}
