import { createPublicKey } from 'node:crypto';
import { kms } from '#core/aws/kms.ts';
import { sha256 } from '#core/oauth/digest.ts';

/** Reads the public half of a signing key from KMS, as a JWK in JSON. Throws when KMS does. RFC 7517 §4. */
export async function readPublicKey(keyId: string): Promise<string> {
  const { PublicKey } = await kms('GetPublicKey', { KeyId: keyId });
  if (!PublicKey) throw new Error('KMS sent no key');
  const { kty, crv, x, y } = createPublicKey({
    key: Buffer.from(PublicKey, 'base64'),
    format: 'der',
    type: 'spki',
  }).export({
    format: 'jwk',
  });
  return JSON.stringify({ kid: thumbprint({ crv, kty, x, y }), kty, crv, x, y, alg: 'ES256', use: 'sig' });
}

/** RFC 7638 §3: the hash of the required members in alphabetical order, so that a key always has the same id. */
function thumbprint(members: Record<'crv' | 'kty' | 'x' | 'y', string | undefined>): string {
  return sha256(JSON.stringify(members));
}
