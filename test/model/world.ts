import { Operator } from '../cli/admin-process.ts';
import type { Aws } from '../support/aws.ts';
import { Browser, hiddenFields, offeredScopes, type Page } from '../support/browser.ts';
import {
  authorizePath,
  callback,
  mailedCode,
  newAddress,
  newPkce,
  newSourceIp,
  postMcp,
  register,
  requestTokens,
  type Tokens,
} from '../support/flow.ts';

/** A consent page that waits for a decision. */
type OpenWindow = {
  readonly browser: Browser;
  readonly clientId: string;
  readonly verifier: string;
  readonly fields: Record<string, string>;
  readonly offered: readonly string[];
};
type KnownCode = { readonly code: string; readonly window: OpenWindow };
type KnownGrant = {
  readonly clientId: string;
  /** Which code it came from. */
  readonly code: number;
  readonly refreshTokens: string[];
  readonly accessTokens: string[];
};

type Keys = { readonly current: string; readonly retired?: string };
type Deploy = (keys: Keys, port: string) => Promise<void>;

type Moving = { readonly done: boolean; readonly wait_seconds?: number };

/** What the token endpoint said: tokens, or the name of an error. */
export type Answered = { readonly tokens: Tokens } | { readonly error: string };

/** The running server at a time that the test sets, with the browsers of its people and what its clients hold. */
export class World {
  readonly issuer: string;
  readonly #aws: Aws;
  readonly #deploy: Deploy;
  readonly #operator: Operator;
  readonly addresses: readonly string[];
  readonly clients: string[] = [];
  readonly windows: OpenWindow[] = [];
  readonly codes: KnownCode[] = [];
  readonly grants: KnownGrant[] = [];
  now: number;
  readonly #browsers: readonly Browser[];
  readonly #headers: Readonly<Record<string, string>>;

  constructor(
    issuer: string,
    aws: Aws,
    deploy: Deploy,
    { people, now }: { readonly people: number; readonly now: number },
  ) {
    this.#aws = aws;
    this.#deploy = deploy;
    this.#operator = new Operator(issuer);
    const aheadOf = () => String(this.aheadSeconds);
    this.issuer = issuer;
    this.now = now;
    // The clock is read anew for each request.
    this.#headers = Object.defineProperty(newSourceIp(), 'x-local-clock-offset', { enumerable: true, get: aheadOf });
    this.addresses = Array.from({ length: people }, newAddress);
    this.#browsers = this.addresses.map(() => new Browser(issuer, this.#headers));
  }

  /** How far the server's clock is ahead of this machine's: a request arrives within the second in which it is sent. */
  get aheadSeconds(): number {
    return this.now + 0.05 - Date.now() / 1_000;
  }

  async register(): Promise<void> {
    this.clients.push((await register(this.issuer, {}, this.#headers)).client_id);
  }

  /** Opens an authorization request in a person's browser and signs in where asked. Says whether a code was mailed for it. */
  async open(person: number, client: number, scopes: readonly string[]): Promise<'session' | 'mail'> {
    const browser = at(this.#browsers, person);
    const clientId = at(this.clients, client);
    const { verifier, challenge } = newPkce();
    const first = await browser.open(authorizePath(clientId, challenge, { scope: scopes.join(' ') }));
    const fields = hiddenFields(first);
    const asksWho = first.html.includes('name="email"');
    const page = asksWho ? await this.#signIn(browser, fields, at(this.addresses, person)) : first;
    const offered = offeredScopes(page);
    if (offered.length === 0) throw new Error(`No consent page but ${page.status}: ${page.html}`);
    this.windows.push({ browser, clientId, verifier, fields: { ...fields, ...hiddenFields(page) }, offered });
    return asksWho ? 'mail' : 'session';
  }

  async #signIn(browser: Browser, fields: Record<string, string>, email: string): Promise<Page> {
    await browser.post('/authorize/email', { ...fields, email });
    return browser.post('/authorize/code', { ...fields, code: await mailedCode(this.issuer, email) });
  }

  /** Decides on a consent page. Gives where that leads, if anywhere; a code there is kept. */
  async decide(window: number, decision: 'approve' | 'deny'): Promise<'code' | 'denied' | 'page'> {
    const open = at(this.windows, window);
    const form = new URLSearchParams({ ...open.fields, decision });
    for (const scope of open.offered) form.append('scope', scope);
    const target = (await open.browser.post('/authorize/consent', form)).headers.get('location');
    if (target === null) return 'page';
    const code = new URL(target).searchParams.get('code');
    if (code === null) return 'denied';
    // The first decision stands, and the same one again gives the same code.
    if (!this.codes.some((known) => known.code === code)) this.codes.push({ code, window: open });
    return 'code';
  }

  async redeem(code: number): Promise<Answered> {
    const { code: value, window } = at(this.codes, code);
    const answered = await this.#token({
      grant_type: 'authorization_code',
      client_id: window.clientId,
      code: value,
      code_verifier: window.verifier,
      redirect_uri: callback,
    });
    if ('tokens' in answered) {
      const { access_token, refresh_token } = answered.tokens;
      this.grants.push({
        clientId: window.clientId,
        code,
        refreshTokens: [refresh_token],
        accessTokens: [access_token],
      });
    }
    return answered;
  }

  /** Presents one of the refresh tokens of a grant. A successor that is new is kept. */
  async refresh(grant: number, generation: number): Promise<Answered> {
    const { clientId, refreshTokens, accessTokens } = at(this.grants, grant);
    const answered = await this.#token({
      grant_type: 'refresh_token',
      client_id: clientId,
      refresh_token: at(refreshTokens, generation),
    });
    if ('tokens' in answered) {
      accessTokens.push(answered.tokens.access_token);
      if (!refreshTokens.includes(answered.tokens.refresh_token)) refreshTokens.push(answered.tokens.refresh_token);
    }
    return answered;
  }

  async revoke(grant: number, kind: 'access' | 'refresh'): Promise<number> {
    const { clientId, refreshTokens, accessTokens } = at(this.grants, grant);
    const token = (kind === 'access' ? accessTokens : refreshTokens).at(-1) ?? '';
    const body = new URLSearchParams({ client_id: clientId, token });
    return (await fetch(`${this.issuer}/revoke`, { method: 'POST', headers: this.#headers, body })).status;
  }

  /** The status of a call with one of the access tokens of a grant. */
  async call(grant: number, token: number): Promise<number> {
    const accessToken = at(at(this.grants, grant).accessTokens, token);
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    return (await postMcp(this.issuer, accessToken, list, this.#headers)).status;
  }

  /** Has the operator do something with a person, until it is done. */
  async operate(command: string, person: number, more: object = {}): Promise<void> {
    const input = { address: at(this.addresses, person), ...more };
    const { done = true } = await this.#operator.result<{ readonly done?: boolean }>(command, input, this.aheadSeconds);
    if (!done) await this.operate(command, person, more);
  }

  /** Moves a person to another tenant, which takes a while. Gives how many seconds. */
  async move(person: number, tenant: string): Promise<number> {
    await this.#operator.invoke('tenants add', { id: tenant }, this.aheadSeconds);
    const input = { address: at(this.addresses, person), tenant };
    for (let waited = 0; ; ) {
      const { done, wait_seconds = 0 } = await this.#operator.result<Moving>('people move', input, this.aheadSeconds);
      if (done) return waited;
      waited += wait_seconds;
      this.now += wait_seconds;
    }
  }

  /** Puts other keys to use, at the same address. */
  async deploy(keys: Keys): Promise<void> {
    await this.#deploy(keys, new URL(this.issuer).port);
  }

  loseAnswer(operation: string): void {
    this.#aws.spoil(operation, 'answer lost', 1);
  }

  heal(): void {
    this.#aws.heal();
  }

  async #token(parameters: Record<string, string>): Promise<Answered> {
    const response = await requestTokens(this.issuer, parameters, this.#headers);
    const answer = (await response.json()) as Tokens & { readonly error?: string };
    return response.status === 200 ? { tokens: answer } : { error: `${response.status} ${answer.error}` };
  }
}

/** What stands at a place of a list. Throws when there is nothing. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`Nothing at ${index} of ${list.length}`);
  return found;
}
