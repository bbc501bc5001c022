import {
  createLocalJWKSet,
  decodeJwt,
  errors,
  type JWTPayload,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  jwtVerify,
} from 'jose';
import { namesKeyOf } from './client-assertion.ts';
import type { PublicKey, PublicKeys } from './types.ts';

const TENANT = '{tenantid}';

/**
 * Checks a token with the key that it names, if that key may sign for the token's issuer. One that names none is tried with
 * each that may have signed it. RFC 7515 §4.1.4.
 */
export async function verifyWithOneOf(
  token: string,
  { keys }: PublicKeys,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  const said = decodeJwt(token);
  const usable = keys.filter((key) => signsFor(key, said));
  try {
    return await jwtVerify(token, createLocalJWKSet({ keys: usable }), options);
  } catch (error) {
    const isOfAnother = error instanceof errors.JWKSNoMatchingKey && usable.length < keys.length;
    if (isOfAnother && namesKeyOf(token, { keys }))
      throw new errors.JWTClaimValidationFailed('its key signs for another issuer', said, 'iss');
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      const [outcome] = await Promise.allSettled([jwtVerify(token, key, options)]);
      if (outcome.status === 'fulfilled') return outcome.value;
      if (!(outcome.reason instanceof errors.JWSSignatureVerificationFailed)) throw outcome.reason;
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

/** True if a key names no issuer, or that of the token. Entra's has a place for the tenant, which the token's `tid` fills. */
function signsFor({ issuer }: PublicKey, { iss, tid }: JWTPayload): boolean {
  if (!issuer?.includes(TENANT)) return issuer === undefined || iss === issuer;
  return typeof tid === 'string' && iss === issuer.replaceAll(TENANT, () => tid);
}
