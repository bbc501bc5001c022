import { transformSync } from 'esbuild';

/** The accents of a light and a dark page. */
type Accents = { readonly light: string; readonly dark: string };

/** The style of every page, without what only people need to read it: every Lambda with pages carries it. */
export function pageStyle(accent: Accents): string {
  return transformSync(written(accent), { loader: 'css', minify: true, charset: 'utf8' }).code.trim();
}

function written(accent: Accents): string {
  return `
:root { color-scheme: light dark; --ink: #1a1a25; --soft: #5a5a6b; --line: #e0e0e8; --edge: #84849a; --paper: #fff; --ground: #f5f5f9; --field: #fff; --accent: ${accent.light}; --on-accent: #fff; --warn: #7c4a03; --warn-ground: #fff4d6; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf4; --soft: #a9a9bc; --line: #363645; --edge: #7e7e94; --paper: #20202b; --ground: #15151d; --field: #181821; --accent: ${accent.dark}; --on-accent: #15151d; --warn: #fcd34d; --warn-ground: #37290b; --bad: #ff9d94 } }
* { box-sizing: border-box }
body { margin: 0; min-block-size: 100vh; display: flex; flex-direction: column; align-items: center; padding: max(1rem, 8vh) 1rem 1.5rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; text-wrap: pretty }
:lang(ko) { word-break: keep-all }
:is(h1, legend, button):lang(ja) { word-break: auto-phrase }
main { inline-size: min(27rem, 100%); padding: 2rem; background: var(--paper); border: 1px solid var(--line); border-radius: 16px; box-shadow: 0 1px 3px #0000000d, 0 8px 24px #0000000a }
main > :last-child, main > :is(form:last-child, details) > :last-child { margin-block-end: 0 }
header { display: flex; gap: .6rem; align-items: center; margin-block-end: 1.25rem; color: var(--soft); font-weight: 600 }
header img { block-size: 2rem; inline-size: auto; max-inline-size: 10rem }
footer { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; justify-content: center; margin-block-start: 1.25rem; font-size: .875rem }
footer a { color: var(--soft) }
footer a, p > a { display: inline-block; min-block-size: 1.5rem }
h1 { margin: 0 0 .75rem; font-size: 1.4rem; line-height: 1.3; text-wrap: balance }
h2 { margin: 2rem 0 .5rem; font-size: 1.1rem }
p { margin: .75rem 0 }
.soft { color: var(--soft); font-size: .9rem }
.warn { padding: .75rem 1rem; border-radius: 10px; background: var(--warn-ground); color: var(--warn) }
[role=alert] { border-inline-start: 4px solid currentcolor }
label { display: block; margin: 1.25rem 0 .4rem; font-weight: 600 }
input { border: 1px solid var(--edge) }
select, input[type=email], input[type=text] { inline-size: 100%; padding: .75rem .9rem; border-radius: 10px; background: var(--field); color: inherit; font: inherit }
[dir=rtl] input[dir=ltr] { text-align: end }
input[aria-invalid] { border-color: var(--bad); border-width: 2px }
input[type=checkbox] { flex: none; inline-size: 1.5rem; block-size: 1.5rem; margin: 0; accent-color: var(--accent) }
::placeholder { color: var(--soft); opacity: .8 }
[dir] input.code { font: 1.5rem/1.3 ui-monospace, monospace; letter-spacing: .1em; text-align: center; text-transform: uppercase }
button, a.main { padding: .75rem 1.2rem; border: 1px solid var(--edge); border-radius: 10px; font: inherit; font-weight: 600 }
button { background: transparent; color: inherit; cursor: pointer }
button:hover, a.main:hover { filter: brightness(1.1) }
button:active { filter: brightness(.9) }
[aria-disabled=true] { opacity: .6; cursor: default }
[role=status]:empty { margin: 0 }
button.main, a.main { border-color: var(--accent); background: var(--accent); color: var(--on-accent) }
button.link { min-block-size: 1.5rem; padding: 0; border: 0; border-radius: 4px; color: var(--accent); font-weight: 400; text-align: start; text-decoration: underline }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.row { display: flex; flex-wrap: wrap; gap: .75rem; margin-block: 1.5rem 1rem }
details { margin-block-start: 1rem }
.row button { flex: 1 1 8rem; max-inline-size: 100%; overflow-wrap: break-word }
.ways button { flex-basis: 100% }
fieldset { margin: 1rem 0; padding: 0; border: 0; min-inline-size: 0 }
legend { padding: 0; font-weight: 600 }
fieldset.group { margin: .5rem 0; padding: .25rem 1rem .5rem; border: 1px solid var(--line); border-radius: 10px }
.group legend { padding-inline: .4rem; margin-inline-start: -.4rem; color: var(--soft); font-size: .875rem }
.scope { display: flex; gap: .75rem; align-items: flex-start; margin: .5rem 0; font-weight: 400 }
.scope small { color: var(--soft) }
dl { display: grid; grid-template-columns: fit-content(8rem) minmax(0, 1fr); gap: .35rem 1rem; margin: 1rem 0; padding: .9rem 1rem; border-radius: 10px; background: var(--ground); font-size: .925rem } dt { color: var(--soft) } dd { margin: 0 }
dd:has(img) { display: flex; gap: .75rem; align-items: center }
dd img { border-radius: 8px; background: #fff; object-fit: contain }
@media (max-width: 30rem) { body { padding-block-start: 1rem } main { padding: 1.5rem 1.25rem } dl { display: block } dd { margin-block-end: .5rem } dd:last-child { margin: 0 } }
summary { min-block-size: 1.5rem; cursor: pointer }
a { color: var(--accent) }
a.main { flex: 1; text-align: center; text-decoration: none }
`;
}
