import { Html, html } from '#core/http/html.ts';
import type { Words } from '#core/words/words.ts';

/** What every mail program understands is on the elements themselves; this is for those that know more. */
const style = new Html(`:root { color-scheme: light dark }
:lang(ko) { word-break: keep-all }
@media (prefers-color-scheme: dark) {
  body { background: #15151d !important; color: #ececf4 !important }
  .card { background: #20202b !important; border-color: #3a3a4a !important }
  .code { background: #15151d !important }
  .soft { color: #a5a5b8 !important }
}`);
const bodyStyle = 'margin: 0; padding: 24px 12px; background: #f4f4f8; color: #1c1c28; font: 16px/1.5 sans-serif';
const cardStyle =
  'max-width: 440px; margin: 0 auto; padding: 24px; background: #fff; border: 1px solid #d9d9e3; border-radius: 12px';

/** How what is of less weight looks. */
export const softStyle = 'margin: 16px 0 0; color: #5d5d6e; font-size: 14px; overflow-wrap: anywhere';

/** A mail in HTML. */
export function framed({ language, direction }: Words, title: string, body: Html): string {
  return html`<!doctype html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${style}</style>
</head>
<body style="${bodyStyle}">
<div class="card" role="main" style="${cardStyle}">
<h1 style="margin: 0 0 16px; font-size: 18px; line-height: 1.3">${title}</h1>
${body}
</div>
</body>
</html>
`.text;
}

const WORD_JOINER = '\u2060';

/**
 * Mail programs make links of whatever looks like a host or an address, which may be anybody's, and come with our name on
 * them. A character without width keeps them from it, in the text of a mail as in its HTML.
 */
export function unlinked(text: string): string {
  return text.replace(/[.@:]/g, (mark) => `${mark}${WORD_JOINER}`);
}
