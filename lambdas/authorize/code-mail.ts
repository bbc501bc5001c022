import { Html, html } from '#core/http/html.ts';
import type { Mail } from '#core/mail/send.ts';
import { shownCode } from '#core/oauth/one-time-code.ts';
import { name } from '#generated';

type Occasion = { readonly to: string; readonly code: string; readonly destination: string; readonly sourceIp: string };

/** What every mail program understands is on the elements themselves; this is for those that know more. */
const darkStyle = new Html(`:root { color-scheme: light dark }
@media (prefers-color-scheme: dark) {
  body { background: #15151d !important; color: #ececf4 !important }
  .card { background: #20202b !important; border-color: #3a3a4a !important }
  .code { background: #15151d !important }
  .soft { color: #a5a5b8 !important }
}`);
const bodyStyle = 'margin: 0; padding: 24px 12px; background: #f4f4f8; color: #1c1c28; font: 16px/1.5 sans-serif';
const cardStyle =
  'max-width: 440px; margin: 0 auto; padding: 24px; background: #fff; border: 1px solid #d9d9e3; border-radius: 12px';
const codeStyle =
  'margin: 16px 0; padding: 16px; background: #f4f4f8; border-radius: 8px; font: bold 28px/1.3 monospace; letter-spacing: 3px; text-align: center';
const softStyle = 'margin: 16px 0 0; color: #5d5d6e; font-size: 14px; overflow-wrap: anywhere';

/**
 * The mail that carries a code. The code stands first, nothing in it can be clicked, and nothing in it is a client's
 * own words: anyone can register a client and have mail sent to anyone.
 */
export function codeMail({ to, code, destination, sourceIp }: Occasion): Mail {
  const how = 'Type it into the page that asked for it, within 15 minutes. Give it to nobody.';
  const otherwise = 'If that was not you, ignore this mail: without the code nothing happens.';
  return {
    to,
    subject: `${shownCode(code)} is your code for ${name}`,
    text: `Your code for ${name}:

${shownCode(code)}

${how}

Someone at ${sourceIp} is connecting ${destination} to ${name} as ${to}.
${otherwise}
`,
    html: html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Your code for ${name}</title>
<style>${darkStyle}</style>
</head>
<body style="${bodyStyle}">
<div class="card" style="${cardStyle}">
<p style="margin: 0">Your code for ${name}:</p>
<p class="code" style="${codeStyle}">${shownCode(code)}</p>
<p style="margin: 0">${how}</p>
<p class="soft" style="${softStyle}">Someone at ${sourceIp} is connecting ${unlinked(destination)} to ${name} as ${unlinked(to)}.</p>
<p class="soft" style="${softStyle}">${otherwise}</p>
</div>
</body>
</html>
`.text,
  };
}

/** Mail programs make links of whatever looks like a host. This one may be anybody's, and comes with our name on it. */
function unlinked(text: string): Html {
  const [first, ...others] = text.split('.').map((part) => html`${part}`);
  return others.reduce((joined, part) => html`${joined}<span>.</span>${part}`, first ?? html``);
}
