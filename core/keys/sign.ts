import { kms } from '#core/aws/kms.ts';
import { env } from '#core/env.ts';
import { sha256 } from '#core/oauth/digest.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { publicKeys } from './public-keys.ts';

const KeyId = env('SIGNING_KEY_ID');
const HALF_BYTES = 32;

/** Signs claims as an access token with the current key, which never leaves KMS. RFC 7515 §5.1, RFC 9068 §2.1. */
export async function signAccessToken(claims: object): Promise<string> {
  const header = { alg: 'ES256', typ: 'at+jwt', kid: publicKeys.keys[0]?.kid };
  const input = `${encoded(header)}.${encoded(claims)}`;
  const Message = Buffer.from(sha256(input), 'base64url').toString('base64');
  const request = { KeyId, Message, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' } as const;
  const { Signature } = await kms('Sign', request).catch((cause: unknown) => {
    throw new OAuthError('temporarily_unavailable', 'The service is busy; try again in a moment', 503, {
      cause,
      retryAfterSeconds: 2,
    });
  });
  if (!Signature) throw new Error('KMS sent no signature');
  return `${input}.${joseSignature(Buffer.from(Signature, 'base64')).toString('base64url')}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** KMS gives the two numbers of a signature in DER; a JWS has them one after the other. RFC 7518 §3.4. */
function joseSignature(der: Buffer): Buffer {
  const lengthOfFirst = der.readUInt8(3);
  const first = der.subarray(4, 4 + lengthOfFirst);
  const second = der.subarray(4 + lengthOfFirst + 2);
  return Buffer.concat([ofHalfLength(first), ofHalfLength(second)]);
}

/** DER writes a number without its leading zeros, and with one where the number would look negative. */
function ofHalfLength(number: Buffer): Buffer {
  const half = Buffer.alloc(HALF_BYTES);
  number.subarray(-HALF_BYTES).copy(half, HALF_BYTES - Math.min(number.length, HALF_BYTES));
  return half;
}
