import { createHash } from 'node:crypto';
import { Agent, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls, Agent as TlsAgent } from 'node:https';

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
    return this.#keep(await ask(new URL(url, this.#issuer), 'GET', this.#sent()));
  }

  async post(path: string, fields: Fields, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
    const sent = { 'content-type': FORM, origin: this.#issuer, ...this.#sent(), ...headers };
    return this.#keep(await ask(new URL(path, this.#issuer), 'POST', sent, String(new URLSearchParams(fields))));
  }

  #sent(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return { ...this.#headers, ...(cookie ? { cookie } : {}) };
  }

  #keep(page: Page): Page {
    for (const line of page.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return page;
  }
}

const FORM = 'application/x-www-form-urlencoded;charset=UTF-8';

/** What `fetch` sends with each request. */
const usual = {
  accept: '*/*',
  'accept-language': '*',
  'sec-fetch-mode': 'cors',
  'user-agent': 'node',
};
const agents = { 'http:': new Agent({ keepAlive: true }), 'https:': new TlsAgent({ keepAlive: true }) };

/** Sends a request as `fetch` does and follows no redirect. `fetch` takes three times as long, and people in tests ask often. */
async function ask(url: URL, method: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Page> {
  const isPlain = url.protocol === 'http:';
  const start = isPlain ? requestPlain : requestTls;
  const agent = agents[isPlain ? 'http:' : 'https:'];
  const answer = Promise.withResolvers<IncomingMessage>();
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  start(url, { method, headers: { ...usual, ...own }, agent }, answer.resolve)
    .on('error', answer.reject)
    .end(body);
  const response = await answer.promise;
  return { status: response.statusCode ?? 0, headers: headersOf(response), html: await bodyOf(response) };
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const lines = rawHeaders.flatMap((name, at, all): [string, string][] =>
    at % 2 === 0 ? [[name, all[at + 1] ?? '']] : [],
  );
  return new Headers(lines);
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
    const text = await bodyOf(response);
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
