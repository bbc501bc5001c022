import { createECDH, type KeyObject, randomBytes } from 'node:crypto';

/** The order of the P-256 group. SP 800-186 §3.2.1.3. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** ECDSA over a digest (FIPS 186-5 §6.4.1), written out because node:crypto signs whole messages only. */
export function signDigest(key: KeyObject, digest: Buffer): Buffer {
  const secret = integer(Buffer.from(String(key.export({ format: 'jwk' }).d), 'base64url'));
  const ephemeral = createECDH('prime256v1');
  ephemeral.setPrivateKey(nonce());
  const r = integer(ephemeral.getPublicKey().subarray(1, 33)) % order;
  const k = integer(ephemeral.getPrivateKey());
  const s = (inverse(k) * (integer(digest) + r * secret)) % order;
  return r === 0n || s === 0n ? signDigest(key, digest) : der(r, s);
}

function nonce(): Buffer {
  const candidate = randomBytes(32);
  const value = integer(candidate);
  return value > 0n && value < order ? candidate : nonce();
}

/** By Fermat: the order is prime. */
function inverse(value: bigint): bigint {
  let result = 1n;
  for (let base = value, power = order - 2n; power > 0n; power >>= 1n) {
    if (power & 1n) result = (result * base) % order;
    base = (base * base) % order;
  }
  return result;
}

function integer(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

function der(r: bigint, s: bigint): Buffer {
  const numbers = Buffer.concat([r, s].map(derInteger));
  return Buffer.concat([Buffer.from([0x30, numbers.length]), numbers]);
}

/** As short as possible, with a zero in front where the first bit would mean "negative". */
function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  const padded = (bytes[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, padded.length]), padded]);
}
