import { createHash } from 'node:crypto';
import { hmac, shortHmac } from './digest.ts';

/** How many passkeys a person may have. */
export const mostPasskeys = 20;
/** The longest name that a passkey may have. */
export const longestPasskeyName = 60;

/** EdDSA, ES256 and RS256, the best first. Named, since Node.js and browsers go on to others. RFC 9053 §2, RFC 8812 §2. */
export const passkeyAlgorithms = [-8, -7, -257] as const;

/** A site, as passkeys know it: they are bound to its host, and browsers name the origin. WebAuthn Level 3 §5.1.2. */
export type Site = { readonly rpId: string; readonly origin: string };

/** The site of an issuer. Undefined where its host is a number, which no passkey can be bound to. WebAuthn Level 3 §4. */
export function siteOf(issuer: string): Site | undefined {
  const { hostname, origin } = new URL(issuer);
  const isNumber = /^[\d.]+$/.test(hostname) || hostname.startsWith('[');
  return isNumber ? undefined : { rpId: hostname, origin };
}

/**
 * The challenge of a window that asks for a sign-in. It is derived from the secret that binds the window to its browser,
 * so nothing is stored, and from how many passkeys have signed in there, so it can be used once.
 */
export function signInChallenge(secret: string, usesBefore: number): string {
  return hmac(secret, `sign in with a passkey ${usesBefore}`);
}

/** What a passkey is added to: a person's passkeys as they are, by the handle that all of them carry. */
export type Holder = { readonly handle: string; readonly changes: number };

/**
 * The challenge for adding a passkey. It is derived from the secret of the session and from how often the person's passkeys
 * have changed, so it can be used once, in one browser, for this handle.
 */
export function additionChallenge(sessionSecret: string, { handle, changes }: Holder): string {
  return hmac(sessionSecret, `add a passkey ${changes} ${handle}`);
}

/**
 * A user handle for a person who has none. It leads from a passkey to its person, and is stored with them: without it,
 * none of the passkeys that carry it counts. WebAuthn Level 3 §14.6.1.
 */
export function newHandle(subject: string, sessionSecret: string, changes: number): string {
  return `${subject}.${shortHmac(sessionSecret, `passkey handle ${changes}`)}`;
}

/** The person of a handle. Undefined for one that we did not make. */
export function subjectOfHandle(handle: string): string | undefined {
  return /^([A-Za-z0-9]{22})\.[\w-]{22}$/.exec(handle)?.[1];
}

/** What a browser is asked for at a sign-in: any passkey of this site. WebAuthn Level 3 §5.5. */
export function requestOptions({ rpId }: Site, challenge: string): object {
  return { challenge, rpId, allowCredentials: [], userVerification: 'required' };
}

type Addition = {
  readonly site: Site;
  readonly challenge: string;
  readonly handle: string;
  readonly address: string;
  readonly siteName: string;
  /** Those that the person has, so that no device gets a second one. */
  readonly existing: readonly { readonly id: string; readonly transports: readonly string[] }[];
};

/** What a browser is asked for when a passkey is added. WebAuthn Level 3 §5.4. */
export function creationOptions({ site, challenge, handle, address, siteName, existing }: Addition): object {
  return {
    challenge,
    rp: { id: site.rpId, name: siteName },
    user: { id: Buffer.from(handle).toString('base64url'), name: address, displayName: address },
    pubKeyCredParams: passkeyAlgorithms.map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: existing.map(({ id, transports }) => ({ type: 'public-key', id, transports })),
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    attestation: 'none',
  };
}

/** Why a passkey's answer is refused. */
export type PasskeyRefusal =
  | 'malformed'
  | 'origin'
  | 'cross-origin'
  | 'challenge'
  | 'site'
  | 'user-verification'
  | 'backup'
  | 'handle'
  | 'removed'
  | 'signature'
  | 'disabled'
  | 'not-allowed';

type Expected = Site & { readonly type: 'webauthn.get' | 'webauthn.create'; readonly challenge: string };

/** Judges what the browser says of a ceremony. Undefined when all is as it must be. WebAuthn Level 3 §7.1, §7.2. */
export function judgeClientData(clientDataJson: string, expected: Expected): PasskeyRefusal | undefined {
  const data = parsedObject(clientDataJson);
  if (data === undefined || data.type !== expected.type) return 'malformed';
  if (data.origin !== expected.origin) return 'origin';
  if (data.crossOrigin === true || data.topOrigin !== undefined) return 'cross-origin';
  return data.challenge === expected.challenge ? undefined : 'challenge';
}

function parsedObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const [USER_PRESENT, USER_VERIFIED, BACKUP_ELIGIBLE, BACKED_UP] = [0x01, 0x04, 0x08, 0x10];
const [HASH_LENGTH, SHORTEST_DATA] = [32, 37];

/** If a passkey may be on several devices, and if it is. */
export type Backup = { readonly isBackupEligible: boolean; readonly isBackedUp: boolean };

/** What an authenticator says with a passkey's answer. WebAuthn Level 3 §6.1. */
export type AuthenticatorData = Backup & {
  readonly isOfSite: boolean;
  readonly isUserVerified: boolean;
  readonly counter: number;
};

/** Reads the part of it that every answer has. Undefined for what is shorter. */
export function readAuthenticatorData(data: Buffer, { rpId }: Site): AuthenticatorData | undefined {
  if (data.length < SHORTEST_DATA) return undefined;
  const flags = data.readUInt8(HASH_LENGTH);
  const has = (flag: number) => (flags & flag) !== 0;
  return {
    isOfSite: data.subarray(0, HASH_LENGTH).equals(createHash('sha256').update(rpId).digest()),
    isUserVerified: has(USER_PRESENT) && has(USER_VERIFIED),
    isBackupEligible: has(BACKUP_ELIGIBLE),
    isBackedUp: has(BACKED_UP),
    counter: data.readUInt32BE(HASH_LENGTH + 1),
  };
}

/**
 * Judges what the authenticator says, with what is known of its passkey, if it is known. Whether a passkey may be on
 * several devices never changes. Undefined when all is as it must be. WebAuthn Level 3 §7.2.
 */
export function judgeAuthenticator(
  data: AuthenticatorData | undefined,
  known?: Pick<Backup, 'isBackupEligible'>,
): PasskeyRefusal | undefined {
  if (data === undefined) return 'malformed';
  if (!data.isOfSite) return 'site';
  if (!data.isUserVerified) return 'user-verification';
  const isSound = data.isBackupEligible || !data.isBackedUp;
  const isSame = known === undefined || known.isBackupEligible === data.isBackupEligible;
  return isSound && isSame ? undefined : 'backup';
}

/**
 * True if the counter of a passkey has not grown as it does where there is one such passkey: somebody may have copied it.
 * Those that are on several devices do not count. WebAuthn Level 3 §6.1.1.
 */
export function looksCloned(stored: number, shown: number): boolean {
  return (stored > 0 || shown > 0) && shown <= stored;
}
