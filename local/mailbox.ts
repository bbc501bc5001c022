import type { IncomingMessage } from 'node:http';
import { exchange } from './http.ts';
import { isRecord } from './intrinsics.ts';
import { type Answer, gatewayAnswer } from './response.ts';
import type { StoredMail } from './services/ses.ts';

export const mailboxPath = '/local/mailbox';

type Mail = {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly sentAt: string;
};

/** The mail that a mail service has sent since this began. What was read once is kept, and only what came after it is asked for. */
export class Mailbox {
  readonly #sesUrl: string;
  readonly #mails = new Map<string, Mail>();
  #newestAt = Math.floor(Date.now() / 1_000);

  constructor(sesUrl: string) {
    this.#sesUrl = sesUrl;
  }

  /** Shows it, newest first: a page, or JSON for a client that asks for it. `?to=` keeps one recipient's. */
  async show(request: IncomingMessage): Promise<Answer> {
    if (!(await this.#read())) return gatewayAnswer(404, `The mail service at ${this.#sesUrl} does not show its mail`);
    const to = new URL(request.url ?? '', 'http://localhost').searchParams.get('to')?.toLowerCase();
    const mails = [...this.#mails.values()]
      .filter((mail) => to === undefined || mail.to.toLowerCase() === to)
      .reverse();
    if (request.headers.accept?.includes('application/json')) return answer('application/json', JSON.stringify(mails));
    return answer('text/html; charset=utf-8', page(mails));
  }

  /** The service's clock counts whole seconds, so that the newest one is asked for again. */
  async #read(): Promise<boolean> {
    const store = await exchange(new URL(`/store?since=${this.#newestAt}`, this.#sesUrl))
      .then(({ text }): unknown => JSON.parse(text))
      .catch(() => undefined);
    if (!isRecord(store) || !Array.isArray(store.emails)) return false;
    for (const email of store.emails as readonly StoredMail[]) {
      this.#mails.set(email.messageId, mailOf(email));
      this.#newestAt = Math.max(this.#newestAt, email.at);
    }
    return true;
  }
}

function mailOf({ messageId, destination, subject, body, at }: StoredMail): Mail {
  const { text, html } = body;
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
