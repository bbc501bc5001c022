import { createHash } from 'node:crypto';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { headersOf, type Received, send as sendRequest, textOf } from './http.ts';

type Fields = Readonly<Record<string, string>> | URLSearchParams;

/** A page as it came, and the form fields that a person does not see. */
export type Page = { readonly status: number; readonly headers: Headers; readonly html: string };

/** A browser without a screen: it keeps cookies, follows no redirect, and posts forms as a browser would. */
export class Browser {
  readonly #issuer: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly cookies = new Map<string, string>();

  constructor(issuer: string, headers: Readonly<Record<string, string>> = {}) {
    this.#issuer = issuer;
    this.#headers = headers;
  }

  async open(url: string): Promise<Page> {
    return this.#keep(await sendRequest(new URL(url, this.#issuer), { headers: this.#sent() }));
  }

  async post(path: string, fields: Fields, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
    const sent = { origin: this.#issuer, ...this.#sent(), ...headers };
    const body = new URLSearchParams(fields);
    return this.#keep(await sendRequest(new URL(path, this.#issuer), { method: 'POST', headers: sent, body }));
  }

  #sent(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return { ...this.#headers, ...(cookie ? { cookie } : {}) };
  }

  #keep({ status, headers, text: html }: Received): Page {
    for (const line of headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return { status, headers, html };
  }
}

/** The hidden fields of a page's first form. */
export function hiddenFields({ html }: Page): Record<string, string> {
  const found = [...html.matchAll(/<input type="hidden" name="(transaction|form_token)" value="([^"]*)"/g)];
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, value]));
}

/** A page without the one script that its policy names by its hash. */
export function withoutOwnScript({ html, headers }: Pick<Page, 'html' | 'headers'>): string {
  const [, allowed] = /script-src 'sha256-([^']+)'/.exec(headers.get('content-security-policy') ?? '') ?? [];
  const isOwn = (content: string) => createHash('sha256').update(content).digest('base64') === allowed;
  return html.replaceAll(/<script>(.*?)<\/script>/gs, (script, content) => (isOwn(content) ? '' : script));
}

/** The scopes that a consent page offers, in the order of their names. */
export function offeredScopes({ html }: Page): string[] {
  return [...html.matchAll(/name="scope" value="([^"]*)"/g)].map(([, scope = '']) => scope).sort();
}

/** What a page says in its heading. */
export function heading({ html }: Page): string {
  return /<h1>(.*?)<\/h1>/s.exec(html)?.[1] ?? '';
}

/** Where a redirect leads, or the one button of a page that asks before it. Throws when the page is neither. */
export function location({ headers, status, html }: Page): URL {
  const target = headers.get('location') ?? buttonTarget(html);
  if (!target) throw new Error(`No redirect but ${status}: ${html.slice(0, 400)}`);
  return new URL(target);
}

function buttonTarget(html: string): string | undefined {
  return /<a class="main" href="([^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#39;', "'");
}

type RawRequest = {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
};

/** Sends a request as it is: with any method, any Host, and no header that was not asked for. Redirects are not followed. */
export function send(
  issuer: string,
  { method = 'GET', path = '/', headers = {}, body }: RawRequest,
): Promise<Page & { readonly text: string }> {
  const { hostname, port, protocol } = new URL(issuer);
  const start = protocol === 'https:' ? requestTls : requestPlain;
  const answer = Promise.withResolvers<Page & { readonly text: string }>();
  const sent = start({ hostname, port, method, path, headers, agent: false }, async (response) => {
    const text = await textOf(response);
    answer.resolve({ status: response.statusCode ?? 0, headers: headersOf(response), html: text, text });
  });
  sent.on('error', answer.reject).end(body);
  return answer.promise;
}

const INTERNALS =
  /\bat (?:[^\n]{1,80} \()?(?:file:|node:|\/|[A-Z]:\\)\S*:\d+:\d+|node_modules|\b(Type|Range|Reference|Syntax)Error\b|Exception\b|dynamo|\.m?[jt]s\b/i;

/** What an answer gives away of how the server is made: nothing, where all is well. */
export function internalsIn({ headers, html }: Page): string[] {
  const names = ['server', 'x-powered-by', 'x-amzn-errortype'].filter((name) => headers.has(name));
  return [...names, ...(INTERNALS.exec(html)?.slice(0, 1) ?? [])];
}
