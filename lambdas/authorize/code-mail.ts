import { html } from '#core/http/html.ts';
import type { Mail } from '#core/mail/send.ts';
import { name } from '#generated';
import { shown } from './one-time-code.ts';

type Occasion = { readonly to: string; readonly code: string; readonly destination: string; readonly sourceIp: string };

/**
 * The mail that carries a code. The code stands first, nothing in it can be clicked, and nothing in it is a client's
 * own words: anyone can register a client and have mail sent to anyone.
 */
export function codeMail({ to, code, destination, sourceIp }: Occasion): Mail {
  const why = `Someone at ${sourceIp} is connecting ${destination} to ${name} as ${to}.`;
  const how = 'Type it into the page that asked for it, within 15 minutes. Give it to nobody.';
  const otherwise = 'If that was not you, ignore this mail: without the code nothing happens.';
  return {
    to,
    subject: `${shown(code)} is your code for ${name}`,
    text: `Your code:\n\n${shown(code)}\n\n${how}\n\n${why}\n${otherwise}\n`,
    html: html`<!doctype html>
<html lang="en">
<body style="font: 16px/1.5 sans-serif">
<p>Your code:</p>
<p style="font: bold 28px/1.3 monospace; letter-spacing: 2px">${shown(code)}</p>
<p>${how}</p>
<p>${why}<br>${otherwise}</p>
</body>
</html>
`.text,
  };
}
