import { importPKCS8, SignJWT } from 'jose';
import * as z from 'zod/mini';
import { secret } from '#core/keys/secret.ts';
import { type Provider, secretName } from '#core/oauth/provider.ts';
import { ask } from './ask.ts';
import { Failure } from './failure.ts';

const APPLE_SECRET_SECONDS = 300;

/** The code that a provider gave, and what it was asked with. */
export type Redemption = { readonly code: string; readonly verifier: string; readonly redirectUri: string };

type TokenEndpoint = { readonly url: string; readonly authMethod: 'client_secret_basic' | 'client_secret_post' };

const shape = z.object({ access_token: z.optional(z.string()), id_token: z.optional(z.string()) });

/** Redeems the code of a provider. Throws a failure. OpenID Connect Core 1.0 §3.1.3, RFC 7636 §4.5. */
export async function redeem(
  provider: Provider,
  { url, authMethod }: TokenEndpoint,
  { code, verifier, redirectUri }: Redemption,
  now: number,
): Promise<z.output<typeof shape>> {
  const credential = await credentialOf(provider, now);
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
  const isBasic = authMethod === 'client_secret_basic' && provider.kind !== 'apple';
  if (!isBasic) {
    form.set('client_id', provider.clientId);
    form.set('client_secret', credential);
  }
  const headers = isBasic ? { authorization: basic(provider.clientId, credential) } : {};
  const answer = await ask(new URL(url), { form, headers });
  const { success, data } = shape.safeParse(answer);
  const refused = errorIn(answer);
  if (success && refused === undefined) return data;
  throw new Failure('failed', `its token endpoint refused the code: ${refused ?? 'the answer is no token response'}`);
}

/** The error that an answer names. GitHub sends it with status 200. */
function errorIn(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return undefined;
  return String(answer.error)
    .replace(/[^\w.-]/g, '')
    .slice(0, 60);
}

/** RFC 6749 §2.3.1: both are written as a form would have them. */
function basic(clientId: string, credential: string): string {
  const written = [clientId, credential].map((one) => new URLSearchParams({ '': one }).toString().slice(1)).join(':');
  return `Basic ${Buffer.from(written).toString('base64')}`;
}

/** The secret that authenticates us to the provider. Throws a failure if it is missing or unusable. */
export async function credentialOf(provider: Provider, now: number): Promise<string> {
  const { clientSecret, kind } = provider;
  const kept = await secret(secretName(provider), now);
  if (kept === undefined)
    throw new Failure('failed', `there is no parameter ${clientSecret} in SSM, or it is empty`, 'secret');
  return kind === 'apple' ? appleSecret(provider, kept, now) : kept;
}

/** Apple takes a token that is signed with a key of the operator's in place of a secret. */
async function appleSecret(
  { clientId, teamId = '', keyId = '', clientSecret }: Provider,
  privateKey: string,
  now: number,
): Promise<string> {
  const [key] = await Promise.allSettled([importPKCS8(privateKey, 'ES256')]);
  if (key.status === 'rejected')
    throw new Failure('failed', `the parameter ${clientSecret} has no private key as Apple's .p8 files have it`, 'key');
  return new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: keyId })
    .setIssuer(teamId)
    .setSubject(clientId)
    .setAudience('https://appleid.apple.com')
    .setIssuedAt(now)
    .setExpirationTime(now + APPLE_SECRET_SECONDS)
    .sign(key.value);
}
