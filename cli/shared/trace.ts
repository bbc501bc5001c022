import type { Wire } from './wire.ts';

const shownHeaders = [
  ...['authorization', 'content-type', 'origin', 'cookie', 'set-cookie', 'location'],
  ...['www-authenticate', 'retry-after', 'mcp-protocol-version', 'mcp-method', 'mcp-name', 'mcp-session-id'],
];
const secretNames = [
  ...['access_token', 'refresh_token', 'id_token', 'token', 'client_secret', 'registration_access_token'],
  ...['code', 'code_verifier', 'state', 'form_token'],
].join('|');
const inJson = new RegExp(`("(?:${secretNames})"\\s*:\\s*")((?:[^"\\\\]|\\\\.)*)`, 'g');
const inForm = new RegExp(`((?:^|[?&\\s])(?:${secretNames})=)([^&\\s"]*)`, 'g');
const inCookie = /((?:^|; )(?!Max-Age|Path|SameSite|Expires|Domain)[^=;]+=)([^;]*)/gi;
const inAuthorization = /^(\w+ )(.+)$/g;

/** Prints what goes over the wire, line by line, and never a secret. */
export class Trace {
  readonly #print: (text: string) => void;
  readonly #seen = new Set<string>();

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  /** The same wire, with every request and answer printed. */
  over(wire: Wire): Wire {
    return async (url, init) => {
      const request = new Request(url, init);
      this.note(`→ ${request.method} ${url}`, request.headers, await body(request));
      const response = await wire(url, init);
      const { status, statusText, headers } = response;
      const title = `← ${status} ${statusText}`;
      const content = body(response.clone());
      // A stream may stay open for as long as the server likes, so its text is printed when it ends.
      if (isStream(headers))
        void content.then(
          (text) => this.note(`${title} (stream)`, headers, text),
          () => undefined,
        );
      else this.note(title, headers, await content);
      return response;
    };
  }

  /** Prints one message: a title, the headers that matter, and the body. */
  note(title: string, headers = new Headers(), content = ''): void {
    const shown = [...headers].filter(([name]) => shownHeaders.includes(name));
    const lines = [title, ...shown.map(([name, value]) => `${name}: ${this.#header(name, value)}`), content];
    this.#print(`${this.masked(lines.filter(Boolean).join('\n  '))}\n`);
  }

  /** Masks the secrets in a text. One that was recognised once is masked wherever else it turns up. */
  masked(text: string): string {
    const masked = this.#hide(this.#hide(text, inJson), inForm);
    return [...this.#seen].reduce((rest, secret) => rest.replaceAll(secret, initial(secret)), masked);
  }

  #header(name: string, value: string): string {
    if (name === 'authorization') return this.#hide(value, inAuthorization);
    return name.endsWith('cookie') ? this.#hide(value, inCookie) : value;
  }

  #hide(text: string, pattern: RegExp): string {
    return text.replace(pattern, (_, before: string, secret: string) => {
      if (secret.length >= 8) this.#seen.add(secret);
      return `${before}${initial(secret)}`;
    });
  }
}

function initial(secret: string): string {
  if (secret.endsWith('…')) return secret;
  return `${secret.length >= 16 ? secret.slice(0, 4) : ''}…`;
}

/** Pages carry form tokens and are long, so that of a page only the size is shown. */
async function body(message: Request | Response): Promise<string> {
  const content = await message.text();
  return message.headers.get('content-type')?.startsWith('text/html')
    ? `(a page of ${content.length} characters)`
    : content;
}

function isStream(headers: Headers): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') ?? false;
}
