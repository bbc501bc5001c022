import { randomBytes, randomUUID } from 'node:crypto';
import { formsIn, linksIn } from '../../shared/forms.ts';
import { type Group, must } from '../check.ts';
import type { Answer, Deployment } from '../deployment.ts';
import { redirectUri } from './registration.ts';

const remedy =
  'Look into the log of the Authorize function: it says why it refused, or that the table cannot be reached.';
const untouched = 'The Lambdas send it: have what stands before the API pass it, and set none of its own.';

/** That the sign-in begins as it should, and sends nobody astray. RFC 6749 §4.1.2.1, RFC 9207 §2. */
export const authorize: Group = {
  title: 'Authorization endpoint',
  checks: [
    {
      name: 'unknown client',
      proves: 'a client that is not known gets a page, and the browser is sent nowhere',
      remedy,
      run: async (deployment) => {
        mustBePage(await open(deployment, { client_id: randomUUID(), redirect_uri: 'https://attacker.example/' }), 400);
      },
    },
    {
      name: 'foreign redirect URI',
      proves: 'a redirect URI that the client did not register gets a page, and the browser is sent nowhere',
      remedy,
      run: async (deployment) => {
        const { clientId: client_id } = deployment;
        mustBePage(await open(deployment, { client_id, redirect_uri: 'https://attacker.example/' }), 400);
      },
    },
    {
      name: 'error for the client',
      proves:
        'what is wrong with the request of a known client goes back to it, with its state and iss: by a button, for a client that registered itself',
      remedy,
      run: async (deployment) => {
        const state = randomUUID();
        const { headers, text } = await open(deployment, { client_id: deployment.clientId, state, prompt: 'none' });
        const onward = [headers.get('location') ?? '', ...linksIn(text)];
        const location = onward.find((one) => one.startsWith(`${redirectUri}?`));
        must(location !== undefined, 'nothing leads to the redirect URI of the client');
        const answered = new URL(location).searchParams;
        must(answered.get('error') === 'login_required', `the error is ${answered.get('error')}`);
        must(answered.get('state') === state, 'the state is not the one that was sent');
        must(answered.get('iss') === deployment.issuer, `iss is ${answered.get('iss') ?? 'missing'}`);
      },
    },
    {
      name: 'sign-in page',
      proves: 'a known client gets a page that asks for the address, in a form of this site',
      remedy,
      run: async (deployment) => {
        const page = await open(deployment, { client_id: deployment.clientId });
        mustBePage(page, 200);
        const form = formsIn(page.text).find(({ asks }) => asks.has('email'));
        must(form !== undefined, 'there is no form that asks for an address');
        must(new URL(form.action, deployment.issuer).origin === deployment.issuer, `the form goes to ${form.action}`);
        const hidden = form.fields.map(([name]) => name);
        must(hidden.includes('form_token'), 'the form holds no token that proves where it comes from');
      },
    },
    {
      name: 'cookies',
      proves: 'the cookies are HttpOnly and SameSite=Lax, and over https Secure, with the prefix __Host-',
      remedy: untouched,
      run: async (deployment) => {
        const { headers } = await open(deployment, { client_id: deployment.clientId });
        const cookies = headers.getSetCookie();
        must(cookies.length > 0, 'no cookie is set');
        for (const cookie of cookies) mustBeKept(cookie, deployment);
      },
    },
    {
      name: 'headers of a page',
      proves: 'pages load nothing from elsewhere, go into no frame, are not sniffed, not kept and tell no other site',
      remedy: untouched,
      run: async (deployment) => {
        const { headers } = await deployment.request(`/authorize?client_id=${randomUUID()}`);
        for (const [name, pattern] of expected) {
          const value = headers.get(name);
          must(value !== null && pattern.test(value), `${name} is ${value === null ? 'missing' : `"${value}"`}`);
        }
      },
    },
  ],
};

/** With `no-referrer` browsers would post the forms with `Origin: null`. */
const expected = [
  ['content-security-policy', /(^|;) *default-src 'none'/],
  ['content-security-policy', /(^|;) *frame-ancestors 'none'/],
  ['x-content-type-options', /^nosniff$/],
  ['referrer-policy', /^same-origin$/],
  ['cache-control', /\bno-store\b/],
] as const;

/** Begins a sign-in, as the client and with the parameters that are given. RFC 6749 §4.1.1. */
export function open(deployment: Deployment, changes: Readonly<Record<string, string>>): Promise<Answer> {
  const parameters = new URLSearchParams({
    response_type: 'code',
    redirect_uri: redirectUri,
    code_challenge: randomBytes(32).toString('base64url'),
    code_challenge_method: 'S256',
    state: randomUUID(),
    resource: deployment.mcpUrl,
    ...changes,
  });
  return deployment.request(`/authorize?${parameters}`);
}

function mustBePage({ status, headers }: Answer, expectedStatus: number): void {
  const location = headers.get('location');
  must(location === null, `the browser is sent to ${location}`);
  must(status === expectedStatus, `the status is ${status}`);
  must(/^text\/html\b/.test(headers.get('content-type') ?? ''), `the content type is ${headers.get('content-type')}`);
}

/** A cookie as RFC 6265bis §4.1.3 wants it. Browsers take the prefix only over https. */
function mustBeKept(cookie: string, { isPlain }: Deployment): void {
  const [pair = '', ...attributes] = cookie.split(/; */);
  const name = pair.split('=')[0] ?? '';
  const given = attributes.map((attribute) => attribute.toLowerCase());
  const needed = ['httponly', 'samesite=lax', 'path=/', ...(isPlain ? [] : ['secure'])];
  const missing = needed.filter((attribute) => !given.includes(attribute));
  must(missing.length === 0, `the cookie ${name} lacks ${missing.join(', ')}`);
  must(isPlain || name.startsWith('__Host-'), `the name of the cookie ${name} does not begin with __Host-`);
  must(!given.some((attribute) => attribute.startsWith('domain=')), `the cookie ${name} is for other hosts too`);
}
