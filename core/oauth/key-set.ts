import * as z from 'zod/mini';
import { withoutEmpty } from './absent.ts';

const wellFormed = z.refine<string>((value) => value.isWellFormed());
const text = (longest: number) => z.exactOptional(z.string().check(z.maxLength(longest), wellFormed));
/** In base64url: as long as a coordinate of P-521, and a modulus of 8,192 bits. */
const [LONGEST_COORDINATE, LONGEST_MODULUS] = [88, 1_366];

/** What makes a public key, and nothing that comes along with it: no private half, and nothing that can't be stored. */
export const publicKey = z.pipe(
  z.transform(withoutEmpty),
  z.object({
    kty: z.string().check(z.maxLength(20), wellFormed),
    kid: text(200),
    use: text(20),
    alg: text(40),
    crv: text(40),
    x: text(LONGEST_COORDINATE),
    y: text(LONGEST_COORDINATE),
    n: text(LONGEST_MODULUS),
    e: text(20),
  }),
);

/** A set of public keys as a client registers it. RFC 7517 §5, RFC 7518 §6. */
export const keySet = z.object({ keys: z.array(publicKey).check(z.maxLength(10)) });
