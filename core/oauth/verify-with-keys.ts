import { createLocalJWKSet, errors, type JWTVerifyOptions, type JWTVerifyResult, jwtVerify } from 'jose';
import type { PublicKeys } from './types.ts';

/** Checks a token with the key that it names. One that names none is tried with each that may have signed it. RFC 7515 §4.1.4. */
export async function verifyWithOneOf(
  token: string,
  keys: PublicKeys,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(token, createLocalJWKSet(keys), options);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      const [outcome] = await Promise.allSettled([jwtVerify(token, key, options)]);
      if (outcome.status === 'fulfilled') return outcome.value;
      if (!(outcome.reason instanceof errors.JWSSignatureVerificationFailed)) throw outcome.reason;
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}
