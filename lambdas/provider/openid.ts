import * as z from 'zod/mini';
import { type Claims, verifyIdToken } from '#core/oauth/id-token.ts';
import type { Provider } from '#core/oauth/provider.ts';
import type { ProviderMetadata } from '#core/oauth/provider-metadata.ts';
import { ask, keysOf, metadataOf } from './ask.ts';
import { Failure } from './failure.ts';
import { type Redemption, redeem } from './tokens.ts';

type Expected = { readonly nonce: string; readonly now: number };

/** What an OpenID provider says of the person who signed in there. Throws a failure. OpenID Connect Core 1.0 §3.1.3. */
export async function openidClaims(
  provider: Provider,
  redemption: Redemption,
  { nonce, now }: Expected,
): Promise<Claims> {
  const metadata = await metadataOf(provider, now);
  const endpoint = { url: metadata.tokenEndpoint, authMethod: metadata.authMethod };
  const { id_token: idToken, access_token: accessToken } = await redeem(provider, endpoint, redemption, now);
  if (idToken === undefined) throw new Failure('failed', 'its token endpoint gave no ID token');
  const expected = { provider, metadata, nonce, accessToken, now };
  const check = async (isFresh: boolean) =>
    verifyIdToken(idToken, { ...expected, keys: await keysOf(metadata, now, isFresh) });
  const first = await check(false);
  const isRotated = 'refusal' in first && first.refusal === 'unknown-key';
  const verified = isRotated ? await check(true) : first;
  if ('refusal' in verified) throw new Failure('failed', `its ID token was refused: ${verified.refusal}`);
  return withUserinfo(verified.claims, metadata, accessToken);
}

const userinfo = z.looseObject({ sub: z.string() });

/**
 * Asks for the address where the ID token leaves it out. It and whether it is verified are taken from one document, which
 * must be about the same person; all else is what the token says, which is signed. OpenID Connect Core 1.0 §5.3.2.
 */
async function withUserinfo(
  claims: Claims,
  { userinfoEndpoint }: ProviderMetadata,
  accessToken: string | undefined,
): Promise<Claims> {
  if (typeof claims.email === 'string' || userinfoEndpoint === undefined || accessToken === undefined) return claims;
  const answer = await ask(new URL(userinfoEndpoint), { headers: { authorization: `Bearer ${accessToken}` } });
  const { success, data } = userinfo.safeParse(answer);
  if (!success) return claims;
  if (data.sub !== claims.sub) throw new Failure('failed', 'its userinfo is about somebody else');
  const { email, email_verified } = data;
  return { ...claims, email, email_verified };
}
