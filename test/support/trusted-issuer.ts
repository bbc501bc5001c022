import { randomUUID } from 'node:crypto';
import { operate } from './admin-lambda.ts';
import { type ClientKey, newClientKey, signClaims } from './assertion.ts';
import { type ClientSite, document } from './client-site.ts';

/** An issuer on this machine, which publishes its keys as an OpenID provider does. */
export type TrustedIssuer = {
  readonly url: string;
  readonly key: ClientKey;
  /** Publishes these keys from now on. */
  readonly publish: (...keys: ClientKey[]) => void;
  /** Where its keys are. */
  readonly keysUrl: string;
};

/** Starts an issuer at a path of a site of its own. */
export async function newIssuer(site: ClientSite, alg = 'RS256'): Promise<TrustedIssuer> {
  const key = await newClientKey(alg);
  const path = `/${randomUUID()}`;
  const url = `http://${site.host}${path}`;
  const keysUrl = `${url}/keys`;
  const publish = (...keys: ClientKey[]) =>
    void site.serve(`${path}/keys`, document({ keys: keys.map(({ jwk }) => jwk) }));
  publish(key);
  site.serve(`${path}/.well-known/openid-configuration`, document({ issuer: url, jwks_uri: keysUrl }));
  return { url, key, publish, keysUrl };
}

/** Has a tenant trust an issuer, and enables that. Gives the id of the trust. */
export async function trust(issuer: string, id: string, input: object): Promise<string> {
  const { trust } = (await operate(issuer, 'trusts add', { id, ...input })) as { readonly trust: string };
  await operate(issuer, 'trusts enable', { id, trust });
  return trust;
}

type Claims = Record<string, unknown>;

/** What an honest issuer says of a person for a client: draft-ietf-oauth-identity-assertion-authz-grant §6.1. */
export function idJagClaims(from: TrustedIssuer, audience: string, clientId: string): Claims {
  const now = Math.floor(Date.now() / 1_000);
  return {
    iss: from.url,
    sub: randomUUID(),
    aud: audience,
    client_id: clientId,
    jti: randomUUID(),
    iat: now,
    exp: now + 300,
  };
}

/** Signs an assertion about a person. */
export function signIdJag({ key }: TrustedIssuer, claims: Claims, header: Claims = {}): Promise<string> {
  return signClaims(key, claims, { typ: 'oauth-id-jag+jwt', ...header });
}
