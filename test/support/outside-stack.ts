import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startSsm } from '../../local/services/ssm.ts';
import { Browser, heading, hiddenFields, type Page } from './browser.ts';
import { authorizePath, mailedCode, newPkce, newSourceIp, register } from './flow.ts';
import { type Orders, startProviders, through } from './outside.ts';
import { startStackWith } from './settings-stack.ts';

type Options = {
  readonly env?: Record<string, string>;
  /** What the settings say of a provider, beside what all of them need. */
  readonly more?: Readonly<Record<string, object>>;
  /** What the settings say of sign-in besides. */
  readonly signIn?: object;
  /** Providers that are not among those that are started. */
  readonly others?: readonly (Common & Record<string, unknown>)[];
  readonly hosts?: readonly string[];
  /** Providers that are imitated: of which kind each is, and at which path its issuer is. */
  readonly imitated?: readonly Imitated[];
};

type Imitated = Omit<Common, 'issuer' | 'clientSecret'> & {
  /** Others are at the imitation of Entra, which has what every OpenID provider has. */
  readonly kind: 'github' | 'entra' | 'apple' | 'oidc';
  readonly path?: string;
  readonly [setting: string]: unknown;
};

type Common = {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
};

const names: Readonly<Record<string, string>> = { corp: 'Corp', other: 'Other <&>', apple: 'Apple' };

/** Runs outside providers and a stack that people sign in to through them. */
export async function startOutsideStack(options: Options = {}) {
  const { env = {}, more = {}, signIn = {}, others = [], hosts = [], imitated = [] } = options;
  const providers = await startProviders();
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-secrets-'));
  const keep = (parameter: string, value: string) => {
    mkdirSync(dirname(join(folder, parameter)), { recursive: true });
    writeFileSync(join(folder, parameter), `${value}\n`);
  };
  const known = Object.entries(providers.issuers).map(([id, issuer]) => {
    keep(`/test/${id}`, id === 'apple' ? newAppleKey() : `the secret at ${id}`);
    const clientId = `vestibule-at-${id}`;
    return { id, name: names[id] ?? id, issuer, clientId, clientSecret: `/test/${id}`, ...more[id] };
  });
  const imitations = imitated.map(({ path = '', ...one }) => {
    const issuer = `${providers.imitations[one.kind === 'github' ? 'github' : 'entra']}${path}`;
    return { ...one, issuer, clientSecret: `/test/${one.id}` };
  });
  for (const { clientSecret } of [...others, ...imitations]) keep(clientSecret, 'a secret of another provider');
  const imitatedHosts = imitations.map(({ issuer }) => new URL(issuer).host);
  const trustedMetadataHosts = [...new Set([...providers.hosts, ...hosts, ...imitatedHosts])];
  const stack = await startStackWith(
    { signIn: { ...signIn, providers: [...known, ...others, ...imitations] }, trustedMetadataHosts },
    { env: { ...env, AWS_ENDPOINT_URL_SSM: await startSsm(folder) } },
  );
  const stop = async () => {
    await stack.stop();
    await providers.stop();
    rmSync(folder, { recursive: true });
  };
  const originOf = (id: string) =>
    new URL(imitations.find((one) => one.id === id)?.issuer ?? providers.issuerOf(id)).origin;
  return { stack, providers, stop, ...walkOf(stack, { order: providers.order, originOf }) };
}

/** A key as Apple gives it: PKCS #8, on P-256. */
function newAppleKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim();
}

/** A window that a client has opened. */
export type Window = {
  readonly browser: Browser;
  readonly clientId: string;
  readonly verifier: string;
  readonly page: Page;
  readonly fields: Record<string, string>;
};

type Running = { readonly issuer: string; readonly logs: () => string };
type Ordered = { readonly order: (orders: Orders) => Promise<unknown>; readonly originOf: (id: string) => string };

/** What people do at a stack and its providers. */
function walkOf(stack: Running, providers: Ordered) {
  let people = 0;

  async function newWindow(
    browser = new Browser(stack.issuer, newSourceIp()),
    request: Record<string, string> = {},
  ): Promise<Window> {
    const { client_id: clientId } = await register(stack.issuer);
    const { verifier, challenge } = newPkce();
    const page = await browser.open(authorizePath(clientId, challenge, request));
    return { browser, clientId, verifier, page, fields: hiddenFields(page) };
  }

  /** Sends a window to a provider that does as it is ordered. Gives where the provider sends it back to. */
  async function sent({ browser, fields }: Window, orders: Orders, provider = 'corp'): Promise<string> {
    await providers.order(orders);
    const page = await browser.post('/authorize/provider', { ...fields, provider });
    if (page.status !== 303) throw new Error(`${page.status} ${heading(page)} ${stack.logs().slice(-1_500)}`);
    return through(providers.originOf(provider), page.headers.get('location'));
  }

  /** Goes to a provider and back. Gives the page that the answer gets. */
  async function answered(window: Window, orders: Orders, provider = 'corp'): Promise<Page> {
    return window.browser.open(await sent(window, orders, provider));
  }

  /** Goes to a provider and back, to the consent page. */
  async function consentVia(window: Window, orders: Orders, provider = 'corp'): Promise<Page> {
    const answer = await answered(window, orders, provider);
    if (answer.status !== 303) throw new Error(`${answer.status} ${heading(answer)} ${stack.logs().slice(-1_500)}`);
    return window.browser.open(answer.headers.get('location') ?? '');
  }

  /** Asks for the code that the page offers to mail, and types it. */
  async function proved({ browser, fields }: Window, address: string): Promise<Page> {
    await browser.post('/authorize/email', { ...fields, email: address });
    return browser.post('/authorize/code', { ...fields, code: await mailedCode(stack.issuer, address) });
  }

  return {
    newWindow,
    sent,
    answered,
    consentVia,
    proved,
    /** Somebody at a provider, by an address that no other test uses. */
    newPerson(domain = 'corp.example'): string {
      people += 1;
      return `person-${people}@${domain}`;
    },
  };
}
