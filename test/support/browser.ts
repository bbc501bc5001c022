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
    return this.#keep(await fetch(new URL(url, this.#issuer), { redirect: 'manual', headers: this.#sent() }));
  }

  async post(path: string, fields: Fields, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
    const response = await fetch(new URL(path, this.#issuer), {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: this.#issuer, ...this.#sent(), ...headers },
      body: new URLSearchParams(fields),
    });
    return this.#keep(response);
  }

  #sent(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return { ...this.#headers, ...(cookie ? { cookie } : {}) };
  }

  async #keep(response: Response): Promise<Page> {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return { status: response.status, headers: response.headers, html: await response.text() };
  }
}

/** The hidden fields of a page's first form. */
export function hiddenFields({ html }: Page): Record<string, string> {
  const found = [...html.matchAll(/<input type="hidden" name="(transaction|form_token)" value="([^"]*)"/g)];
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, value]));
}

/** The scopes that a consent page offers. */
export function offeredScopes({ html }: Page): string[] {
  return [...html.matchAll(/name="scope" value="([^"]*)"/g)].map(([, scope = '']) => scope);
}

/** What a page says in its heading. */
export function heading({ html }: Page): string {
  return /<h1>(.*?)<\/h1>/s.exec(html)?.[1] ?? '';
}

/** Where a redirect leads. Throws when the page is none. */
export function location({ headers, status, html }: Page): URL {
  const target = headers.get('location');
  if (!target) throw new Error(`No redirect but ${status}: ${html.slice(0, 400)}`);
  return new URL(target);
}
