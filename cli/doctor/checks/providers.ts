import { type Button, formsIn, problemIn } from '../../shared/forms.ts';
import { type Group, must } from '../check.ts';
import type { Deployment } from '../deployment.ts';
import { open } from './authorize.ts';

/** As much of a page as says that the request is refused. */
const MOST_CHARACTERS = 200_000;
const PATH = '/authorize/provider';

/** That people can set out to sign in through each outside provider. OpenID Connect Core 1.0 §3.1.2.1. */
export const providers: Group = {
  title: 'Outside providers',
  checks: [
    {
      name: 'outside providers',
      proves: 'this server sends people to each outside provider, which takes the request',
      remedy: 'Compare signIn.providers of vestibule.config.ts with what the provider has of this client.',
      limitSeconds: ({ limitSeconds }) => 3 * limitSeconds,
      run: async (deployment) => {
        const { text, headers } = await open(deployment, { client_id: deployment.clientId });
        const form = formsIn(text).find(({ action }) => action === PATH);
        if (!form) return 'there are none';
        const cookie = headers.getSetCookie().map((one) => one.split(';')[0]);
        const window = { fields: form.fields, cookie: cookie.join('; ') };
        const tried = await Promise.all(form.buttons.map((button) => tryOne(button, window, deployment)));
        const [first, ...others] = tried.filter((one) => one !== undefined);
        const told = [first, ...others].map((one) => one?.found).join('; ');
        must(first === undefined, told, [...new Set([first, ...others].map((one) => one?.remedy))].join(' '));
        return form.buttons.map(({ value }) => value).join(' ');
      },
    },
  ],
};

type Window = { readonly fields: readonly [string, string][]; readonly cookie: string };
type Problem = { readonly found: string; readonly remedy: string };

/** Sets out for one provider, as far as the first page that it shows. */
async function tryOne({ value: id }: Button, window: Window, deployment: Deployment): Promise<Problem | undefined> {
  const body = new URLSearchParams([...window.fields, ['provider', id]]);
  const headers = { cookie: window.cookie, origin: deployment.issuer };
  const answer = await deployment.request(PATH, { method: 'POST', body, headers });
  const location = answer.headers.get('location');
  if (answer.status !== 303 || location === null) return notSent(id, answer);
  const url = new URL(location);
  const refusal = await refusalAt(url, deployment);
  if (refusal === undefined) return undefined;
  const redirectUri = url.searchParams.get('redirect_uri');
  return {
    found: `${id}: ${url.origin} refuses the request (${refusal})`,
    remedy: `At ${id}, register the redirect URI ${redirectUri}, exactly so, for the client ${url.searchParams.get('client_id')}, with its scopes.`,
  };
}

/** What the page of the server names, where nobody reads it, and what to do about it. */
const obstacles = new Map([
  [
    'secret',
    {
      found: 'there is no secret for it in SSM, or it is empty',
      remedy:
        'Store it, in the region of the stack, under the name that clientSecret of this provider has in vestibule.config.ts: ' +
        'aws ssm put-parameter --type SecureString --name NAME --value SECRET. It serves at once.',
    },
  ],
  [
    'key',
    {
      found: 'its secret in SSM is no private key as Apple’s .p8 files have it',
      remedy: 'Store the whole text of the file, with its first and last line, under the name that clientSecret has.',
    },
  ],
  [
    'metadata',
    {
      found: 'its issuer has no metadata that this server can use',
      remedy:
        'issuer in vestibule.config.ts must be what the provider calls itself, letter for letter, and have ' +
        '/.well-known/openid-configuration below it.',
    },
  ],
]);

/** Why nobody is sent there. All of it is in the audit, beside the reference of the page. */
function notSent(id: string, { status, text }: { readonly status: number; readonly text: string }): Problem {
  const [, reference] = /<code>([^<]+)<\/code>/.exec(text) ?? [];
  const where = reference === undefined ? problemIn(text) : `reference ${reference}`;
  const audit = '`npm run admin -- audit --tenant public --event provider_refused` has all of it beside the reference.';
  if (status === 503)
    return {
      found: `${id}: the server cannot reach it: ${where}`,
      remedy: `See that issuer is right, and that the provider works. ${audit}`,
    };
  const [, name = ''] = /data-obstacle="([a-z]+)"/.exec(text) ?? [];
  const { found, remedy } = obstacles.get(name) ?? { found: 'the server cannot send anybody there', remedy: '' };
  return { found: `${id}: ${found}: ${where}`, remedy: `${remedy} ${audit}`.trim() };
}

/** What a provider says where it does not take a request: in its status, where it leads, or on its page. */
async function refusalAt(url: URL, { means, options }: Deployment): Promise<string | undefined> {
  const signal = AbortSignal.timeout(options.limitSeconds * 1_000);
  const response = await means.wire(url, { redirect: 'manual', signal });
  if (response.status >= 400) return `status ${response.status}`;
  const onward = response.headers.get('location');
  const error = onward === null ? null : new URL(onward, url).searchParams.get('error');
  if (error !== null && error !== 'login_required') return error;
  if (onward !== null && /redirect_uri_mismatch|\/oauth\/error/.test(decodeURIComponent(onward)))
    return 'an error page';
  const page = (await response.text()).slice(0, MOST_CHARACTERS);
  return /AADSTS\d+|redirect_uri_mismatch|invalid_client|unauthorized_client/.exec(page)?.[0];
}
