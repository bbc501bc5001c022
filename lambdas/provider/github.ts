import * as z from 'zod/mini';
import type { Claims } from '#core/oauth/id-token.ts';
import type { Provider } from '#core/oauth/provider.ts';
import { ask } from './ask.ts';
import { Failure } from './failure.ts';
import { type Redemption, redeem } from './tokens.ts';

const user = z.object({ id: z.int(), name: z.optional(z.nullable(z.string())) });
const addresses = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** Where GitHub, or a GitHub Enterprise Server, is asked. */
export function githubEndpoints({ issuer }: Provider) {
  const base = issuer.replace(/\/$/, '');
  return {
    authorization: `${base}/login/oauth/authorize`,
    token: `${base}/login/oauth/access_token`,
    api: base === 'https://github.com' ? 'https://api.github.com' : `${base}/api/v3`,
  };
}

/** What GitHub says of the person who signed in there, in the words of OpenID Connect. It has no ID token. Throws a failure. */
export async function githubClaims(provider: Provider, redemption: Redemption, now: number): Promise<Claims> {
  const { token, api } = githubEndpoints(provider);
  const endpoint = { url: token, authMethod: 'client_secret_post' } as const;
  const { access_token } = await redeem(provider, endpoint, redemption, now);
  if (access_token === undefined) throw new Failure('failed', 'its token endpoint gave no access token');
  const headers = {
    authorization: `Bearer ${access_token}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
  };
  const [person, listed] = await Promise.all([
    ask(new URL(`${api}/user`), { headers }),
    ask(new URL(`${api}/user/emails?per_page=100`), { headers }),
  ]);
  const known = user.safeParse(person);
  if (!known.success) throw new Failure('failed', 'its API does not say who signed in');
  const primary = addresses.safeParse(listed).data?.find((one) => one.primary && one.verified);
  return { iss: provider.issuer, sub: String(known.data.id), email: primary?.email, email_verified: primary?.verified };
}
