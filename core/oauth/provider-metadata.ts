import * as z from 'zod/mini';
import { consumersTenant, isForManyTenants, type Provider } from './provider.ts';

const LONGEST_URL = 2_000;
const url = z.string().check(
  z.maxLength(LONGEST_URL),
  z.refine<string>((text) => URL.canParse(text)),
);
const names = z.catch(z.optional(z.array(z.string())), undefined);

const document = z.object({
  issuer: z.string(),
  authorization_endpoint: url,
  token_endpoint: url,
  jwks_uri: url,
  userinfo_endpoint: z.catch(z.optional(url), undefined),
  token_endpoint_auth_methods_supported: names,
  id_token_signing_alg_values_supported: names,
  authorization_response_iss_parameter_supported: z.catch(z.optional(z.boolean()), undefined),
});

/** What a provider says of itself. */
export type ProviderMetadata = {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly keysUrl: string;
  readonly userinfoEndpoint: string | undefined;
  /** How the secret is sent. */
  readonly authMethod: 'client_secret_basic' | 'client_secret_post';
  readonly algorithms: readonly string[];
  /** True if each response names its issuer. RFC 9207 §3. */
  readonly namesIssuer: boolean;
};

/** Signatures that nobody but the provider can make. RFC 8725 §3.1. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Where the document of a provider is. OpenID Connect Discovery 1.0 §4. */
export function metadataUrl({ issuer }: Pick<Provider, 'issuer'>): URL {
  return new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
}

/** Reads the document of a provider. A text says what is wrong with it. OpenID Connect Discovery 1.0 §4.3. */
export function readMetadata(
  provider: Provider,
  value: unknown,
  mayFetch: (url: URL) => boolean,
): ProviderMetadata | string {
  const read = document.safeParse(value);
  if (!read.success) return 'its metadata is not that of an OpenID provider';
  const { data } = read;
  if (data.issuer !== expectedIssuer(provider))
    return `its metadata names another issuer: ${data.issuer.slice(0, 200)}`;
  const { authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint } = data;
  const urls = [authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint].filter((one) => one !== undefined);
  if (!urls.every((one) => mayFetch(new URL(one)))) return 'its metadata names an address that is not https';
  const methods = data.token_endpoint_auth_methods_supported;
  return {
    issuer: data.issuer,
    authorizationEndpoint: authorization_endpoint,
    tokenEndpoint: token_endpoint,
    keysUrl: jwks_uri,
    userinfoEndpoint: userinfo_endpoint,
    authMethod:
      methods === undefined || methods.includes('client_secret_basic') ? 'client_secret_basic' : 'client_secret_post',
    algorithms: ALGORITHMS.filter((one) => data.id_token_signing_alg_values_supported?.includes(one) ?? true),
    namesIssuer: data.authorization_response_iss_parameter_supported ?? false,
  };
}

/** The issuer that the document must name: of Entra's for many tenants, with a place for the tenant. */
function expectedIssuer(provider: Provider): string {
  const { issuer } = provider;
  if (!isForManyTenants(provider)) return issuer;
  const named = issuer.endsWith('/consumers/v2.0') ? consumersTenant : '{tenantid}';
  return issuer.replace(/\/[^/]+\/v2\.0$/, `/${named}/v2.0`);
}
