import { Failure } from './failure.ts';
import { type Form, formsIn, problemIn } from './forms.ts';
import type { Wire } from './wire.ts';

/** A person who is always there: their address, and where the answer of the sign-in is to be taken. */
export type Visitor = { readonly email: string; readonly redirectUri: string; readonly wire: Wire };

type Fields = readonly [string, string][];

/** Walks through the sign-in pages as a person without JavaScript would, with the mailbox of the local runner at hand. */
export async function walkThrough(address: URL, visitor: Visitor): Promise<void> {
  const browser = new Browser(address.origin, visitor);
  let page = await browser.open(address);
  for (const step of ['email', 'code', 'decision']) {
    if (browser.hasArrived) return;
    const form = formsIn(page).find(({ asks }) => asks.has(step));
    if (!form) throw new Failure(`The sign-in stopped: ${problemIn(page)}`, 3);
    page = await browser.submit(form, await filledIn(step, address.origin, visitor.email));
  }
  if (!browser.hasArrived) throw new Failure(`The sign-in stopped: ${problemIn(page)}`, 3);
}

async function filledIn(step: string, origin: string, email: string): Promise<Fields> {
  if (step === 'email') return [['email', email]];
  if (step === 'code') return [['code', await mailedCode(origin, email)]];
  return [['decision', 'approve']];
}

/** The newest mail's subject begins with the code. It goes past the trace, since all of the mail is secret. */
async function mailedCode(origin: string, email: string): Promise<string> {
  const url = `${origin}/local/mailbox?to=${encodeURIComponent(email)}`;
  const response = await fetch(url, { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Failure(`There is no mailbox at ${origin}; --mailbox only works with \`npm start\`.`, 3);
  const [newest] = (await response.json()) as readonly { readonly subject: string }[];
  if (!newest) throw new Failure(`No email arrived for ${email}.`, 3);
  return newest.subject.split(' ')[0] ?? '';
}

/** As much of a browser as a sign-in needs: cookies, forms and redirects, within one origin. */
class Browser {
  readonly #origin: string;
  readonly #visitor: Visitor;
  readonly #cookies = new Map<string, string>();
  hasArrived = false;

  constructor(origin: string, visitor: Visitor) {
    this.#origin = origin;
    this.#visitor = visitor;
  }

  /** Opens a page, and gives its HTML once no redirect leads on. */
  async open(url: URL, init: RequestInit = {}): Promise<string> {
    const isArrival = `${url.origin}${url.pathname}` === this.#visitor.redirectUri;
    if (!isArrival && url.origin !== this.#origin)
      throw new Failure(`The sign-in leads to another site: ${url.origin}.`, 3);
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...init.headers, ...(cookie && !isArrival && { cookie }) };
    const response = await this.#visitor.wire(url, { ...init, headers, redirect: 'manual' });
    this.hasArrived = isArrival;
    if (!isArrival) this.#keepCookies(response.headers.getSetCookie());
    const text = await response.text();
    const location = response.headers.get('location');
    return location === null || isArrival ? text : await this.open(new URL(location, url));
  }

  /** Sends a form with what was filled in. */
  async submit({ action, fields }: Form, filled: Fields): Promise<string> {
    const body = new URLSearchParams([...fields, ...filled]).toString();
    const headers = { origin: this.#origin, 'content-type': 'application/x-www-form-urlencoded' };
    return await this.open(new URL(action, this.#origin), { method: 'POST', headers, body });
  }

  #keepCookies(lines: readonly string[]): void {
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
      if (/;\s*max-age=0\b/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}
