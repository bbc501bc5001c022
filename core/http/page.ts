import { sha256Base64 } from '#core/oauth/digest.ts';
import { paths } from '#core/routes.ts';
import type { Words } from '#core/words/words.ts';
import { hasLogo, links, name, accentedStyle as style } from '#generated';
import { Html, html } from './html.ts';
import type { Response } from './response.ts';

type Page = {
  readonly words: Words;
  readonly title: string;
  /** The title as the page shows it, where there is more to it than text. */
  readonly heading?: Html;
  readonly body: Html;
  readonly status?: number;
  /** What a wide page adds to the style. */
  readonly wide?: string;
  readonly script?: string;
};

/** What every page is sent with: nothing from elsewhere, no frame around it, no address told to others. RFC 9700 §4.16. */
function pageHeaders({ language }: Words, css: string, script: string | undefined): Readonly<Record<string, string>> {
  const sources = [
    "default-src 'none'",
    `style-src 'sha256-${sha256Base64(css)}'`,
    script === undefined ? undefined : `script-src 'sha256-${sha256Base64(script)}'`,
    "img-src 'self'",
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
export function page({ words, title, heading, body, status = 200, wide = '', script }: Page): Response {
  const { text } = html`<!doctype html>
<html lang="${words.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · ${name}</title>
<style>${new Html(style + wide)}</style>
</head>
<body>
<main${wide !== '' && html` class="wide"`}>
<header>${hasLogo && html`<img src="${paths.logo}" alt="" width="32" height="32">`}<bdi>${name}</bdi></header>
<h1>${heading ?? title}</h1>
${body}
</main>
${footer(words)}${script !== undefined && html`<script>${new Html(script)}</script>`}
</body>
</html>
`;
  return { status, headers: pageHeaders(words, style + wide, script), body: text };
}

/** Where the operator's privacy notice, terms and help are, if they have said so. */
function footer({ common }: Words): Html {
  const given = (['privacy', 'terms', 'support'] as const).flatMap((key) => {
    const address = links[key];
    return address === undefined ? [] : [html`<a href="${address}">${common[key]}</a> `];
  });
  return given.length > 0 ? html`<footer>${given}</footer>\n` : html``;
}
