import { html } from '#core/http/html.ts';
import type { Mail } from '#core/mail/send.ts';
import { shownCode } from '#core/oauth/one-time-code.ts';
import { framed, softStyle, unlinked } from '#core/sign-in/mail-frame.ts';
import { name } from '#generated';

type Occasion = { readonly to: string; readonly code: string; readonly destination: string; readonly sourceIp: string };

const codeStyle =
  'margin: 16px 0; padding: 16px; background: #f4f4f8; border-radius: 8px; font: bold 28px/1.3 monospace; letter-spacing: 3px; text-align: center';

/**
 * The mail that carries a code. The code stands first, nothing in it can be clicked, and nothing in it is a client's
 * own words: anyone can register a client and have mail sent to anyone.
 */
export function codeMail({ to, code, destination, sourceIp }: Occasion): Mail {
  const how = 'Type it into the page that asked for it, within 15 minutes. Give it to nobody.';
  const otherwise = 'If that was not you, ignore this mail: without the code nothing happens.';
  const who = `Someone at ${unlinked(sourceIp)} is connecting ${unlinked(destination)} to ${name} as ${unlinked(to)}.`;
  return {
    to,
    sourceIp,
    subject: `${shownCode(code)} is your code for ${name}`,
    text: `Your code for ${name}:

${shownCode(code)}

${how}

${who}
${otherwise}
`,
    html: framed(
      `Your code for ${name}`,
      html`<p style="margin: 0">Your code for ${name}:</p>
<p class="code" style="${codeStyle}">${shownCode(code)}</p>
<p style="margin: 0">${how}</p>
<p class="soft" style="${softStyle}">${who}</p>
<p class="soft" style="${softStyle}">${otherwise}</p>`,
    ),
  };
}
