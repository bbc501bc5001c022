import { html } from '#core/http/html.ts';
import type { Mail } from '#core/mail/send.ts';
import { shownCode } from '#core/oauth/one-time-code.ts';
import { signInSeconds } from '#core/oauth/sign-in.ts';
import type { Destination } from '#core/sign-in/destination.ts';
import { framed, softStyle, unlinked } from '#core/sign-in/mail-frame.ts';
import { duration, fill } from '#core/words/say.ts';
import type { Words } from '#core/words/words.ts';
import { name } from '#generated';

type Occasion = {
  readonly words: Words;
  readonly to: string;
  readonly code: string;
  /** Where the code leads, if not to the account page. */
  readonly destination: Destination | undefined;
  readonly sourceIp: string;
};

const codeStyle =
  'margin: 16px 0; padding: 16px; background: #f4f4f8; border-radius: 8px; font: bold 28px/1.3 monospace; letter-spacing: 3px; text-align: center';

/**
 * The mail that carries a code. The code stands first, nothing in it can be clicked, and nothing in it is a client's
 * own words: anyone can register a client and have mail sent to anyone.
 */
export function codeMail({ words, to, code, destination, sourceIp }: Occasion): Mail {
  const { codeMail: texts } = words;
  const title = fill(texts.title, { name });
  const how = fill(texts.how, { time: duration(words, signInSeconds) });
  const somebody = { ip: unlinked(sourceIp), name, address: unlinked(to) };
  const who = destination
    ? fill(texts.who, { ...somebody, destination: shownPlace(destination, words) })
    : fill(texts.account, somebody);
  return {
    to,
    sourceIp,
    language: words.language,
    subject: fill(texts.subject, { code: shownCode(code), name }),
    text: `${title}

${shownCode(code)}

${how}

${who}
${texts.notYou}
`,
    html: framed(
      words,
      title,
      html`<p class="code" dir="ltr" style="${codeStyle}">${shownCode(code)}</p>
<p style="margin: 0">${how}</p>
<p class="soft" style="${softStyle}">${who}</p>
<p class="soft" style="${softStyle}">${texts.notYou}</p>`,
    ),
  };
}

function shownPlace({ isThisDevice, host }: Destination, { codeMail: { thisDevice } }: Words): string {
  return isThisDevice ? thisDevice : unlinked(host);
}
