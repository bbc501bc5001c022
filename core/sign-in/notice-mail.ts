import { type Html, html } from '#core/http/html.ts';
import type { Mail } from '#core/mail/send.ts';
import { fill, moment } from '#core/words/say.ts';
import type { Words } from '#core/words/words.ts';
import { name } from '#generated';
import { consentText } from './consent-text.ts';
import type { Destination } from './destination.ts';
import { framed, softStyle, unlinked } from './mail-frame.ts';

/** What a person hears of afterwards: a client that they approved for the first time, or a browser that is new. */
export type Occasion =
  | { readonly kind: 'connection'; readonly destination: Destination; readonly scopes: readonly string[] }
  | { readonly kind: 'browser' }
  | { readonly kind: 'linked' }
  | { readonly kind: 'passkeyAdded' }
  | { readonly kind: 'passkeyRemoved' }
  | { readonly kind: 'accountDeleted' };

/** Where a mail goes, and the texts in the language of its reader. */
export type Recipient = { readonly to: string; readonly words: Words };

type Notice = Recipient & { readonly occasion: Occasion; readonly sourceIp: string; readonly now: number };

/** The mail that tells of it. Nothing in it can be clicked, signs in, or is a client's own words. */
export function noticeMail({ occasion, to, words, sourceIp, now }: Notice): Mail {
  const { notice } = words;
  const { subject, what, allows } = wordsOf(occasion, to, words);
  const when = fill(notice.when, { time: moment(words, now) });
  const from = fill(notice.from, { ip: unlinked(sourceIp) });
  const end = fill(occasion.kind === 'accountDeleted' ? notice.notYouDeleted : notice.notYou, { name });
  const allowed =
    allows.length > 0 ? `\n\n${notice.connectionAllows}\n${allows.map((one) => `- ${one}`).join('\n')}` : '';
  return {
    to,
    sourceIp,
    language: words.language,
    subject,
    text: `${what}${allowed}\n\n${when}\n${from}\n\n${notice.you}\n${end}\n`,
    html: framed(
      words,
      subject,
      html`<p style="margin: 0">${what}</p>
${allows.length > 0 && listed(notice.connectionAllows, allows)}
<p style="margin: 16px 0 0">${when}<br>${from}</p>
<p class="soft" style="${softStyle}">${notice.you}</p>
<p class="soft" style="${softStyle}">${end}</p>`,
    ),
  };
}

function listed(title: string, items: readonly string[]): Html {
  return html`<p style="margin: 16px 0 0">${title}</p>
<ul style="margin: 8px 0 0; padding-inline-start: 20px">${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

type Said = { readonly subject: string; readonly what: string; readonly allows: readonly string[] };

function wordsOf(occasion: Occasion, to: string, words: Words): Said {
  const { notice } = words;
  const address = unlinked(to);
  if (occasion.kind !== 'connection') {
    return {
      subject: fill(notice[`${occasion.kind}Subject`], { name }),
      what: fill(notice[occasion.kind], { name, address }),
      allows: [],
    };
  }
  const { isThisDevice, host } = occasion.destination;
  const destination = isThisDevice ? notice.thisDevice : unlinked(host);
  return {
    subject: fill(notice.connectionSubject, { name }),
    what: fill(notice.connection, { destination, name, address }),
    allows: occasion.scopes.map((scope) => consentText(scope, words)),
  };
}
