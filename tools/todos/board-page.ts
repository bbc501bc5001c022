import { sha256Base64 } from '#core/oauth/digest.ts';
import { boardScript } from './board-script.ts';

/** Where hosts find the board. */
export const boardUri = 'ui://vestibule/todos';

/** The colours are the host's where it names them, and else those of this server's own pages. */
const style = `
:root { color-scheme: light dark; --ink: var(--color-text-primary, light-dark(#1c1c28, #ececf4)); --soft: var(--color-text-secondary, light-dark(#5d5d6e, #a5a5b8)); --line: var(--color-border-primary, light-dark(#d9d9e3, #3a3a4a)); --paper: var(--color-background-primary, light-dark(#fff, #20202b)); --ground: var(--color-background-secondary, light-dark(#f4f4f8, #15151d)); --warn: var(--color-text-warning, light-dark(#92400e, #fcd34d)); --accent: light-dark(#4338ca, #8b85f5) }
* { box-sizing: border-box }
[hidden] { display: none }
body { margin: 0; padding: 1rem; overflow-wrap: anywhere; background: var(--ground); color: var(--ink); font: .95rem/1.45 var(--font-sans, system-ui, sans-serif) }
header { display: flex; flex-wrap: wrap; gap: 0 .75rem; align-items: baseline; margin: 0 .25rem .75rem }
h1 { margin: 0; font-size: 1.15rem }
#status { margin: 0; color: var(--soft); font-size: .85rem }
#board { display: flex; flex-wrap: wrap; gap: .75rem }
section { flex: 1 1 14rem; min-width: 0; padding: .75rem 1rem .5rem; border: 1px solid var(--line); border-radius: 12px; background: var(--paper) }
h2 { margin: 0 0 .25rem; color: var(--soft); font-size: .8rem; font-weight: 600 }
ul { margin: 0; padding: 0; list-style: none }
li + li { border-top: 1px solid var(--line) }
label { display: flex; gap: .65rem; align-items: baseline; padding: .5rem 0; cursor: pointer }
input { flex: none; inline-size: 1.1rem; block-size: 1.1rem; margin: 0; translate: 0 .2rem; accent-color: var(--accent); cursor: inherit }
label > span { min-width: 0 }
.title { display: block }
.details { display: flex; flex-wrap: wrap; gap: .15rem .5rem; color: var(--soft); font-size: .8rem }
.tag::before { content: '#' }
.high, .overdue h2, .overdue time { color: var(--warn); font-weight: 600 }
.is-done .title { color: var(--soft); text-decoration: line-through }
.is-busy { opacity: .5 }
label:has(:disabled) { cursor: default }
button { margin-top: 1rem; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); color: inherit; font: inherit; font-weight: 600; cursor: pointer }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
`;

/** Hosts allow a document all that stands in it. This one lets nothing run but its own script. CSP Level 3 §2.3.1. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${sha256Base64(style)}'`,
  `script-src 'sha256-${sha256Base64(boardScript)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The board of todos: one document with nothing from elsewhere. MCP Apps 2026-01-26, UI Resource Format. */
export const boardPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Todos</title>
<style>${style}</style>
</head>
<body>
<header><h1>Todos</h1><p id="status" role="status">Loading …</p></header>
<main id="board"></main>
<button id="more" hidden>Show more</button>
<script type="module">${boardScript}</script>
</body>
</html>
`;
