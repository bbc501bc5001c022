import type { AccessToken } from '#core/oauth/access-token.ts';
import { sha256 } from '#core/oauth/digest.ts';
import type { accessTokenVerifier } from '#core/oauth/verify-access-token.ts';

type Verify = ReturnType<typeof accessTokenVerifier>;

/**
 * Remembers which tokens this process has verified, by their hashes. Their signature and claims were right for its keys
 * and stay so; whether they have expired is asked again. Whether the grant still holds is never remembered.
 */
export function remembering(verify: Verify, most = 500): Verify {
  const verified = new Map<string, AccessToken>();
  return async (token, expected) => {
    const hash = sha256(`${expected.issuer} ${expected.resource} ${token}`);
    const known = verified.get(hash);
    if (known && known.expiresAt > expected.now) return known;
    const access = await verify(token, expected);
    if (!access) return undefined;
    const [oldest] = verified.keys();
    if (oldest !== undefined && verified.size >= most) verified.delete(oldest);
    verified.set(hash, access);
    return access;
  };
}
