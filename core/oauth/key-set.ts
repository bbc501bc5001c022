import * as z from 'zod/mini';
import { withoutEmpty } from './absent.ts';

const wellFormed = z.refine<string>((value) => value.isWellFormed());
const text = z.exactOptional(z.string().check(z.maxLength(2_000), wellFormed));

/** What makes a public key, and nothing that comes along with it: no private half, and nothing that can't be stored. */
export const publicKey = z.pipe(
  z.transform(withoutEmpty),
  z.object({
    kty: z.string().check(z.maxLength(20), wellFormed),
    kid: text,
    use: text,
    alg: text,
    crv: text,
    x: text,
    y: text,
    n: text,
    e: text,
  }),
);

/** A set of public keys as a client registers it. RFC 7517 §5, RFC 7518 §6. */
export const keySet = z.object({ keys: z.array(publicKey).check(z.maxLength(20)) });
