import { sha256Base64 } from '#core/oauth/digest.ts';
import type { Words } from '#core/words/words.ts';
import { name } from '#generated';
import { Html, html } from './html.ts';
import type { Response } from './response.ts';

const style = `
:root { color-scheme: light dark; --ink: #1c1c28; --soft: #5d5d6e; --line: #d9d9e3; --edge: #8b8b9c; --paper: #fff; --ground: #f4f4f8; --accent: #4338ca; --on-accent: #fff; --warn: #92400e; --warn-ground: #fef3c7 }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf4; --soft: #a5a5b8; --line: #3a3a4a; --edge: #77778a; --paper: #20202b; --ground: #15151d; --accent: #8b85f5; --on-accent: #15151d; --warn: #fcd34d; --warn-ground: #3b2f10 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { width: min(28rem, 100% - 2rem); margin: 8vh auto; padding: 2rem; overflow-wrap: anywhere; background: var(--paper); border: 1px solid var(--line); border-radius: 12px }
main.wide { width: min(46rem, 100% - 2rem); margin: 4vh auto }
main > :last-child, main > form:last-child > :last-child { margin-bottom: 0 }
h1 { margin: 0 0 .5rem; font-size: 1.4rem; line-height: 1.25 }
h2 { margin: 2rem 0 .5rem; font-size: 1.1rem }
p { margin: .75rem 0 }
.soft { color: var(--soft); font-size: .9rem }
.warn { padding: .75rem 1rem; border-radius: 8px; background: var(--warn-ground); color: var(--warn) }
label { display: block; margin: 1rem 0 .35rem; font-weight: 600 }
input[type=email], input[type=text] { width: 100%; padding: .7rem .8rem; border: 1px solid var(--line); border-radius: 8px; background: var(--ground); color: inherit; font: inherit }
input { border-color: var(--edge) }
input[type=checkbox] { flex: none; inline-size: 1.1rem; block-size: 1.1rem; accent-color: var(--accent) }
::placeholder { color: var(--soft); opacity: 1 }
input.code { font: 1.5rem/1.3 ui-monospace, monospace; letter-spacing: .12em; text-align: center; text-transform: uppercase }
button { padding: .7rem 1.2rem; border: 1px solid var(--line); border-radius: 8px; background: transparent; color: inherit; font: inherit; font-weight: 600; cursor: pointer }
button:hover { filter: brightness(1.1) }
button:active { filter: brightness(.9) }
button[aria-disabled=true], a.main[aria-disabled=true] { opacity: .6; cursor: default }
[role=status]:empty { margin: 0 }
button.main, a.main { border-color: var(--accent); background: var(--accent); color: var(--on-accent) }
button.link { padding: 0; border: 0; color: var(--accent); font-weight: 400; text-decoration: underline }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.row { display: flex; gap: .75rem; margin-top: 1.5rem }
.row button { flex: 1 }
fieldset { margin: 1rem 0; padding: 0; border: 0 }
legend { padding: 0; font-weight: 600 }
.scope { display: flex; gap: .6rem; align-items: baseline; margin: .5rem 0; font-weight: 400 }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1rem; margin: 1rem 0 } dt { color: var(--soft) } dd { margin: 0 }
@media (max-width: 30rem) { dl { grid-template-columns: minmax(0, 1fr) } dd { margin-bottom: .5rem } }
pre { margin: .5rem 0; padding: .8rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; border-radius: 8px; background: var(--ground); font: .9rem/1.5 ui-monospace, monospace }
.copy { display: flex; gap: .5rem; align-items: center } .copy pre { flex: 1 }
@media (max-width: 30rem) { .copy { flex-wrap: wrap } .copy pre { flex-basis: 100% } }
a { color: var(--accent) }
a.main { flex: 1; padding: .7rem 1.2rem; border-radius: 8px; color: var(--on-accent); font-weight: 600; text-align: center; text-decoration: none }
`;

type Page = {
  readonly words: Words;
  readonly title: string;
  /** The title as the page shows it, where there is more to it than text. */
  readonly heading?: Html;
  readonly body: Html;
  readonly status?: number;
  readonly wide?: boolean;
  readonly script?: string;
};

/** What every page is sent with: nothing from elsewhere, no frame around it, no address told to others. RFC 9700 §4.16. */
function pageHeaders({ language }: Words, script: string | undefined): Readonly<Record<string, string>> {
  const sources = [
    "default-src 'none'",
    `style-src 'sha256-${sha256Base64(style)}'`,
    script === undefined ? undefined : `script-src 'sha256-${sha256Base64(script)}'`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-language': language,
    vary: 'accept-language',
    'content-security-policy': sources.filter((source) => source !== undefined).join('; '),
    'referrer-policy': 'same-origin',
    'x-frame-options': 'DENY',
  };
}

/** A page for a person, in their language. It works without its script. */
export function page({ words, title, heading, body, status = 200, wide = false, script }: Page): Response {
  const { text } = html`<!doctype html>
<html lang="${words.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · ${name}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main${wide && html` class="wide"`}>
<h1>${heading ?? title}</h1>
${body}
</main>
${script !== undefined && html`<script>${new Html(script)}</script>`}
</body>
</html>
`;
  return { status, headers: pageHeaders(words, script), body: text };
}
