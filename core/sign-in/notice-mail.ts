import { html } from '#core/http/html.ts';
import type { Mail } from '#core/mail/send.ts';
import { scopes as catalogue, name } from '#generated';
import { framed, softStyle, unlinked } from './mail-frame.ts';

/** What a person hears of afterwards: a client that they approved for the first time, or a browser that is new. */
export type Occasion =
  | { readonly kind: 'connection'; readonly destination: string; readonly scopes: readonly string[] }
  | { readonly kind: 'browser' };

type Notice = {
  readonly occasion: Occasion;
  readonly to: string;
  readonly sourceIp: string;
  readonly nowMilliseconds: number;
};

/** The mail that tells of it. Nothing in it can be clicked, signs in, or is a client's own words. */
export function noticeMail({ occasion, to, sourceIp, nowMilliseconds }: Notice): Mail {
  const [subject, what] = wordsOf(occasion, to);
  const at = `${new Date(nowMilliseconds).toISOString().slice(0, 16).replace('T', ' at ')} UTC, from ${unlinked(sourceIp)}`;
  const end = `If it was not you, tell the people who run ${name} at once. They can end it, and all else that was begun in your name.`;
  const otherwise = 'If it was you, there is nothing to do.';
  return {
    to,
    sourceIp,
    subject,
    text: `${what}\n\nIt happened on ${at}.\n\n${otherwise}\n${end}\n`,
    html: framed(
      subject,
      html`<p style="margin: 0">${what}</p>
<p style="margin: 16px 0 0">It happened on ${at}.</p>
<p style="${softStyle}">${otherwise}</p>
<p style="${softStyle}">${end}</p>`,
    ),
  };
}

function wordsOf(occasion: Occasion, to: string): readonly [subject: string, what: string] {
  const whom = unlinked(to);
  if (occasion.kind === 'browser') {
    return [
      `A new browser is signed in to ${name}`,
      `A browser that we had not seen before signed in to ${name} as ${whom}.`,
    ];
  }
  const texts = catalogue.filter((scope) => occasion.scopes.includes(scope.name)).map(({ text }) => text.toLowerCase());
  const what = `${unlinked(occasion.destination)} was connected to ${name} as ${whom}. It may: ${texts.join('; ')}.`;
  return [`A new connection to ${name}`, what[0]?.toUpperCase() + what.slice(1)];
}
