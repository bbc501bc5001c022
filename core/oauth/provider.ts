import type { Groups } from './membership.ts';

/** The providers that differ from what OpenID Connect says. All others are `oidc`. */
export const providerKinds = ['oidc', 'google', 'entra', 'okta', 'apple', 'github'] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** An outside provider through which people sign in. OpenID Connect Core 1.0. */
export type Provider = {
  readonly id: string;
  readonly name: string;
  readonly kind: ProviderKind;
  readonly issuer: string;
  readonly clientId: string;
  /** The parameter in SSM that has the secret, for the words of a failure. */
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  /** Organisations that may sign in, by `tid`, `hd`, `org_id` or `organization`: any where none is named. */
  readonly organizations: readonly string[];
  /** Domains for whose addresses the provider's word is enough. */
  readonly domains: readonly string[];
  readonly prompt?: string | undefined;
  readonly acrValues?: readonly string[] | undefined;
  readonly maxAgeSeconds?: number | undefined;
  /** Whether a logout at the provider also ends what the person allowed to clients. */
  readonly logoutEndsGrants?: boolean | undefined;
  /** What the groups that it names make of somebody here. */
  readonly groups?: Groups | undefined;
  /** Of Apple: who signs the secret, and with which key. */
  readonly teamId?: string | undefined;
  readonly keyId?: string | undefined;
};

/** The name under which a Lambda knows the secret of a provider. */
export function secretName({ id }: Pick<Provider, 'id'>): string {
  return `PROVIDER_${id.toUpperCase()}`;
}

/** The kind of a provider, by its issuer. */
export function kindOf(issuer: string): ProviderKind {
  const { hostname, origin } = new URL(issuer);
  if (origin === 'https://accounts.google.com') return 'google';
  if (origin === 'https://appleid.apple.com') return 'apple';
  if (origin === 'https://github.com') return 'github';
  if (/^login\.(microsoftonline\.(com|us)|partner\.microsoftonline\.cn)$/.test(hostname)) return 'entra';
  return /\.(okta|oktapreview|okta-emea)\.com$/.test(hostname) ? 'okta' : 'oidc';
}

/** Personal Microsoft accounts are a tenant of their own. */
export const consumersTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** True if an Entra issuer is for many tenants, each with its own issuer. */
export function isForManyTenants({ kind, issuer }: Pick<Provider, 'kind' | 'issuer'>): boolean {
  return kind === 'entra' && /\/(common|organizations|consumers)\/v2\.0$/.test(issuer);
}

/** What a sign-in asks of a provider, beside what every sign-in asks. */
type Wishes = {
  readonly isForced: boolean;
  readonly maxAgeSeconds?: number | undefined;
  readonly acrValues?: readonly string[] | undefined;
  readonly loginHint?: string | undefined;
  readonly language?: string | undefined;
};

type WayOut = Wishes & {
  readonly endpoint: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly challenge: string;
};

/** Where a browser is sent to sign in. OpenID Connect Core 1.0 §3.1.2.1, RFC 7636 §4.3. */
export function authorizationUrl(provider: Provider, way: WayOut): string {
  const { kind, clientId, scopes } = provider;
  const url = new URL(way.endpoint);
  const maxAge = maxAgeOf(provider, way);
  const isOpenId = kind !== 'github';
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: way.redirectUri,
    scope: scopes.join(' '),
    state: way.state,
    code_challenge: way.challenge,
    code_challenge_method: 'S256',
    nonce: isOpenId ? way.nonce : undefined,
    // Apple sends addresses in no other way.
    response_mode: kind === 'apple' ? 'form_post' : undefined,
    prompt: promptFor(provider, way),
    [kind === 'github' ? 'login' : 'login_hint']: way.loginHint,
    max_age: isOpenId && maxAge !== undefined ? String(maxAge) : undefined,
    acr_values: isOpenId ? acrValuesFor(provider, way)?.join(' ') : undefined,
    ui_locales: isOpenId ? way.language : undefined,
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/** How old the sign-in at the provider may be. The stricter of what the settings and what the client say. */
function maxAgeOf(
  { maxAgeSeconds: own = Number.POSITIVE_INFINITY }: Pick<Provider, 'maxAgeSeconds'>,
  { maxAgeSeconds: asked = Number.POSITIVE_INFINITY }: Pick<Wishes, 'maxAgeSeconds'>,
): number | undefined {
  const least = Math.min(own, asked);
  return least === Number.POSITIVE_INFINITY ? undefined : least;
}

/** How the sign-in at the provider may be made. Of what the client asks, what the settings take too, if there is any of that. */
function acrValuesFor(
  { acrValues: own }: Pick<Provider, 'acrValues'>,
  { acrValues: asked }: Pick<Wishes, 'acrValues'>,
): readonly string[] | undefined {
  const both = own && asked?.filter((one) => own.includes(one));
  return both?.length ? both : (own ?? asked);
}

/** Google and GitHub know no `login`: there, somebody who is to sign in anew is asked which account it is to be. */
function promptFor({ kind, prompt }: Provider, { isForced }: Wishes): string | undefined {
  if (!isForced) return prompt;
  if (kind === 'apple') return undefined;
  return kind === 'google' || kind === 'github' ? 'select_account' : 'login';
}
