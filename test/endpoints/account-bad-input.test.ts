import { describe, expect, inject, test } from 'vitest';
import { routes } from '../../core/routes.ts';
import { connectedAccount, formsOf, press } from '../support/account-page.ts';
import { Browser, heading, type Page } from '../support/browser.ts';
import { isAccepted, newSourceIp } from '../support/flow.ts';

const issuer = inject('issuer');
const german = { 'accept-language': 'de' };

/** Every form of the account and of passkeys, with fields that would change something. */
const forms: readonly (readonly [path: string, fields: Readonly<Record<string, string>>])[] = [
  ['/account/disconnect', { connection: 'x' }],
  ['/account/disconnect-all', {}],
  ['/account/end-session', { session: 'x' }],
  ['/account/end-other-sessions', {}],
  ['/account/sign-out', {}],
  ['/account/sign-out-everywhere', {}],
  ['/account/language', { language: 'ja' }],
  ['/account/data', {}],
  ['/account/delete', { confirm: 'yes' }],
  ['/account/passkeys', { do: 'add', passkey: '{}' }],
  ['/account/passkeys', { do: 'rename', which: 'x', name: 'x' }],
  ['/account/passkeys', { do: 'remove', which: 'x' }],
];

type Account = Awaited<ReturnType<typeof connectedAccount>>;
type Sent = { readonly account: Account; readonly path: string; readonly fields: Readonly<Record<string, string>> };

const tokenOf = ({ page }: Account) => formsOf(page)[0]?.fields.form_token ?? '';

/** Posts a body as it is, with the cookies of a browser. */
async function postRaw(
  { account, path }: Sent,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Page> {
  const cookie = [...account.browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const sent = { cookie, origin: issuer, ...german, ...newSourceIp(), ...headers };
  const response = await fetch(new URL(path, issuer), { method: 'POST', redirect: 'manual', headers: sent, body });
  return { status: response.status, headers: response.headers, html: await response.text() };
}

const ofForm = { 'content-type': 'application/x-www-form-urlencoded' };

/** Forms that are not ours, or not any more. */
const wrongs: readonly (readonly [name: string, post: (sent: Sent) => Promise<Page>])[] = [
  [
    'from another site',
    ({ account, path, fields }) =>
      account.browser.post(
        path,
        { ...fields, form_token: tokenOf(account) },
        { ...german, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      ),
  ],
  ['without a token', ({ account, path, fields }) => account.browser.post(path, fields, german)],
  [
    'with the token of nobody',
    ({ account, path, fields }) => account.browser.post(path, { ...fields, form_token: 'A'.repeat(43) }, german),
  ],
  [
    'in a browser in which nobody is signed in',
    ({ account, path, fields }) =>
      new Browser(issuer, { ...newSourceIp(), ...german }).post(path, { ...fields, form_token: tokenOf(account) }),
  ],
  ['as JSON', (sent) => postRaw(sent, JSON.stringify(sent.fields), { 'content-type': 'application/json' })],
  ['as no text', (sent) => postRaw(sent, new Uint8Array([0xff, 0xfe, 0x00]), ofForm)],
  [
    'with a token that comes twice',
    (sent) => postRaw(sent, `${new URLSearchParams(sent.fields)}&form_token=a&form_token=b`, ofForm),
  ],
  ['far too large', (sent) => postRaw(sent, `form_token=${'x'.repeat(100_000)}`, ofForm)],
];

test.for(['', 'x', 'a#b', 'x'.repeat(101), 'x'.repeat(30_000)])(
  'a connection that there is not is unknown: %#',
  async (connection) => {
    const account = await connectedAccount(issuer);
    const answer = await press(account, '/account/disconnect', { more: { connection } });
    expect(answer.status).toBe(404);
    expect(await isAccepted(issuer, account.tokens.access_token)).toBe(true);
  },
);

test('every form of the account is among them', () => {
  const posted = [...routes.account, ...routes.passkeys].filter((route) => route.startsWith('POST /account'));
  expect(posted).toEqual(['POST /account/{page}', 'POST /account/passkeys']);
});

describe.concurrent('a form of the account changes nothing, and a page says so in the language of its reader', () => {
  test.for(forms.flatMap(([path, fields]) => wrongs.map(([name, post]) => [path, name, fields, post] as const)))(
    '%s %s',
    async ([path, , fields, post]) => {
      const account = await connectedAccount(issuer);
      const answer = await post({ account, path, fields });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.html).toContain('<html lang="de"');
      expect(heading(answer)).not.toBe('');
      expect(answer.html).toMatch(/(href|action)="\/account/);
      expect(await isAccepted(issuer, account.tokens.access_token)).toBe(true);
      const after = await account.browser.open('/account');
      expect(after.status).toBe(200);
      expect(after.html).toContain('<html lang="en"');
    },
  );
});
