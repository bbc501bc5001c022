import { createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { sha256 } from '#core/oauth/digest.ts';

const kms = new KMSClient({});

/** Reads the public half of a signing key from KMS, as a JWK in JSON. Throws when KMS does. RFC 7517 §4. */
export async function readPublicKey(keyId: string): Promise<string> {
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: keyId }));
  if (!PublicKey) throw new Error('KMS sent no key');
  const { kty, crv, x, y } = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' }).export({
    format: 'jwk',
  });
  return JSON.stringify({ kid: thumbprint({ crv, kty, x, y }), kty, crv, x, y, alg: 'ES256', use: 'sig' });
}

/** RFC 7638 §3: the hash of the required members in alphabetical order, so that a key always has the same id. */
function thumbprint(members: Record<'crv' | 'kty' | 'x' | 'y', string | undefined>): string {
  return sha256(JSON.stringify(members));
}
