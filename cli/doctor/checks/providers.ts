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

/** Why nobody is sent there, the page does not tell: but it says where that is. */
function notSent(id: string, { status, text }: { readonly status: number; readonly text: string }): Problem {
  const [, reference] = /<code>([^<]+)<\/code>/.exec(text) ?? [];
  const what = status === 503 ? 'the server cannot reach it' : 'the server cannot send anybody there';
  const why =
    status === 503
      ? 'See that issuer is right, and that the provider works.'
      : 'Its secret is missing in SSM, Apple’s key cannot be read, or the metadata names another issuer.';
  return {
    found: `${id}: ${what}: ${reference === undefined ? problemIn(text) : `reference ${reference}`}`,
    remedy: `${why} \`npm run admin -- audit --tenant public --event provider_refused\` has the reason beside the reference.`,
  };
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
