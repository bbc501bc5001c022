import type { IncomingMessage } from 'node:http';
import { isRecord } from './intrinsics.ts';
import { type Answer, gatewayAnswer } from './response.ts';

export const mailboxPath = '/local/mailbox';

type StoredEmail = {
  readonly messageId: string;
  readonly destination: { readonly to: readonly string[] };
  readonly subject: string;
  readonly body: { readonly text?: string; readonly html?: string };
  readonly at: number;
};

type Mail = {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly sentAt: string;
};

/** The mail that was sent, newest first: a page, or JSON for those who ask for it. `?to=` keeps one recipient's. */
export async function mailbox(request: IncomingMessage, sesUrl: string): Promise<Answer> {
  const emails = await storedEmails(sesUrl);
  if (!emails) return gatewayAnswer(404, `The mail service at ${sesUrl} does not show its mail`);
  const to = new URL(request.url ?? '', 'http://localhost').searchParams.get('to');
  const all = emails.map(mailOf).reverse();
  const mails = to === null ? all : all.filter((mail) => mail.to.toLowerCase() === to.toLowerCase());
  if (request.headers.accept?.includes('application/json')) return answer('application/json', JSON.stringify(mails));
  return answer('text/html; charset=utf-8', page(mails));
}

async function storedEmails(sesUrl: string): Promise<readonly StoredEmail[] | undefined> {
  const store: unknown = await fetch(new URL('/store', sesUrl))
    .then((response) => response.json())
    .catch(() => undefined);
  return isRecord(store) && Array.isArray(store.emails) ? store.emails : undefined;
}

function mailOf({ messageId, destination, subject, body, at }: StoredEmail): Mail {
  const { text = '', html = '' } = body;
  return {
    id: messageId,
    to: destination.to.join(', '),
    subject,
    text,
    html,
    sentAt: new Date(at * 1_000).toISOString(),
  };
}

function answer(type: string, body: string): Answer {
  const headers = new Map([
    ['content-type', type],
    ['cache-control', 'no-store'],
  ]);
  return { status: 200, headers, cookies: [], body: Buffer.from(body) };
}

function page(mails: readonly Mail[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="3">
<title>Mailbox</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
  article { border: 1px solid #8886; border-radius: .5rem; padding: 0 1rem; margin: 1rem 0 }
  h2 { font-size: 1.1rem; margin-bottom: 0 }
  pre { white-space: pre-wrap; overflow-wrap: anywhere }
</style>
<h1>Mailbox</h1>
<p>Mail that would have been sent, newest first. This page renews itself.</p>
${mails.map(article).join('\n') || '<p>Nothing yet.</p>'}
</html>
`;
}

function article({ to, subject, text, html, sentAt }: Mail): string {
  return `<article>
<h2>${escapeHtml(subject)}</h2>
<p>To ${escapeHtml(to)}, <time datetime="${sentAt}">${sentAt}</time></p>
<pre>${escapeHtml(text || html)}</pre>
</article>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
