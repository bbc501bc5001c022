import * as z from 'zod/mini';

const bytes = (most: number) => z.string().check(z.regex(/^[\w-]+$/), z.maxLength(most));
/** As long as the id of a passkey may be, in base64url. WebAuthn Level 3 §5.8.3. */
const id = bytes(1_364);
const transports = z.array(z.string().check(z.regex(/^[a-z-]{1,20}$/))).check(z.maxLength(10));

const assertion = z.object({
  id,
  response: z.object({
    clientDataJSON: bytes(4_000),
    authenticatorData: bytes(4_000),
    signature: bytes(4_000),
    userHandle: bytes(100),
  }),
});
const attestation = z.object({
  id,
  response: z.object({
    clientDataJSON: bytes(4_000),
    attestationObject: bytes(20_000),
    transports: z.catch(transports, []),
  }),
});

/** What a browser answers when a passkey signs in. WebAuthn Level 3 §5.1.1. */
export type Assertion = z.output<typeof assertion>;

/** What a browser answers when a passkey was made. */
export type Attestation = z.output<typeof attestation>;

/** Reads what a script of ours put into a form. Undefined for anything else. */
export function readAssertion(text: string | undefined): Assertion | undefined {
  return read(assertion, text);
}

/** Reads what a script of ours put into a form. Undefined for anything else. */
export function readAttestation(text: string | undefined): Attestation | undefined {
  return read(attestation, text);
}

function read<Shape extends z.ZodMiniType>(shape: Shape, text = ''): z.output<Shape> | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The bytes of a text in base64url, as text. */
export function decoded(text: string): string {
  return Buffer.from(text, 'base64url').toString();
}
