import * as z from 'zod/mini';
import { withoutEmpty } from './absent.ts';

const wellFormed = z.refine<string>((value) => value.isWellFormed());
const text = (longest: number) => z.exactOptional(z.string().check(z.maxLength(longest), wellFormed));
/** In base64url: as long as a coordinate of P-521, and a modulus of 8,192 bits. */
const [LONGEST_COORDINATE, LONGEST_MODULUS] = [88, 1_366];
const LONGEST_ISSUER = 1_000;

const members = {
  kty: z.string().check(z.maxLength(20), wellFormed),
  kid: text(200),
  use: text(20),
  alg: text(40),
  crv: text(40),
  x: text(LONGEST_COORDINATE),
  y: text(LONGEST_COORDINATE),
  n: text(LONGEST_MODULUS),
  e: text(20),
};

/** What makes a public key, and nothing that comes along with it: no private half, and nothing that can't be stored. */
const publicKey = z.pipe(z.transform(withoutEmpty), z.object(members));

/** A public key, and the one issuer that it signs for, where the set of several issuers' keys says so. */
export const issuersKey = z.pipe(z.transform(withoutEmpty), z.object({ ...members, issuer: text(LONGEST_ISSUER) }));

/** A set of public keys as a client registers it. RFC 7517 §5, RFC 7518 §6. */
export const keySet = z.object({ keys: z.array(publicKey).check(z.maxLength(10)) });
