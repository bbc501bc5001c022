import { Browser, type Page } from './browser.ts';
import { connect, mailedCode, newAddress, newSourceIp } from './flow.ts';

/** A browser in which a person has signed in to their account. */
export type Account = { readonly browser: Browser; readonly address: string; readonly page: Page };

type Options = {
  readonly address?: string;
  readonly browser?: Browser;
  /** What is sent with each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The page that the sign-in is to lead to. */
  readonly to?: string;
};

/** Signs a person in to their account, and opens it. */
export async function openAccount(issuer: string, options: Options = {}): Promise<Account> {
  const { address = newAddress(), headers = {}, to } = options;
  const browser = options.browser ?? new Browser(issuer, { ...newSourceIp(), ...headers });
  const signedIn = await signInToAccount(issuer, { browser, address, to });
  const page = await browser.open(signedIn.headers.get('location') ?? '');
  if (page.status !== 200) throw new Error(`No account page but ${page.status}: ${page.html}`);
  return { browser, address, page };
}

/** Signs a person in to their account, and gives the answer to the code. */
export async function signInToAccount(
  issuer: string,
  { browser, address, to }: { readonly browser: Browser; readonly address: string; readonly to?: string | undefined },
): Promise<Page> {
  const first = await browser.open(`/account/sign-in${to === undefined ? '' : `?to=${to}`}`);
  const [fields = {}] = formsOf(first).map((form) => form.fields);
  await browser.post('/authorize/email', { ...fields, email: address });
  return browser.post('/authorize/code', { ...fields, code: await mailedCode(issuer, address) });
}

/** A form of a page. */
type PageForm = { readonly action: string; readonly fields: Readonly<Record<string, string>>; readonly text: string };

/** The forms of a page that are posted, with the fields that a person does not see. */
export function formsOf({ html }: Page): readonly PageForm[] {
  return [...html.matchAll(/<form method="post" action="([^"]*)"[^>]*>(.*?)<\/form>/gs)].map(
    ([, action = '', text = '']) => {
      const hidden = [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
      return { action, text, fields: Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])) };
    },
  );
}

/** The form of a page that leads to a path and holds these words. Throws when there is none. */
function formTo(page: Page, action: string, words = ''): PageForm {
  const form = formsOf(page).find((one) => one.action === action && one.text.includes(words));
  if (!form) throw new Error(`No form for ${action} with ${words}: ${page.html}`);
  return form;
}

/** Posts a form of a page as its button would, with more fields. */
export function press(
  { browser, page }: Pick<Account, 'browser' | 'page'>,
  action: string,
  { words, more = {} }: { readonly words?: string; readonly more?: Readonly<Record<string, string>> } = {},
): Promise<Page> {
  return browser.post(action, { ...formTo(page, action, words).fields, ...more });
}

/** A person who has connected a client of their own, and has their account open. */
export async function connectedAccount(issuer: string, options: Options = {}) {
  const address = options.address ?? newAddress();
  const connected = await connect(issuer, { address, isOwnClient: true });
  return { ...(await openAccount(issuer, { ...options, address })), ...connected };
}
