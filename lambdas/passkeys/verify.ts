import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { decodeAttestationObject, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers';
import {
  type AuthenticatorData,
  judgeAuthenticator,
  judgeClientData,
  type PasskeyRefusal,
  passkeyAlgorithms,
  readAuthenticatorData,
  type Site,
} from '#core/oauth/passkey.ts';
import type { Passkey } from '#core/store/passkeys.ts';
import { type Assertion, type Attestation, decoded } from './read-answer.ts';

/** A public key of 4,096 bits has half as many bytes. */
const LONGEST_KEY = 1_100;
/** Where a key in the form of COSE names its algorithm. RFC 9052 §7.1. */
const ALGORITHM = 3;

/** What is asked of an answer: to be for this site, and for what it was asked. */
type Expected = { readonly site: Site; readonly challenge: string };

/** Verifies the answer of a passkey that is known, as far as its counter, which is the caller's. WebAuthn Level 3 §7.2. */
export async function verifyAssertion(
  { id, response }: Assertion,
  { publicKey, isBackupEligible }: Passkey,
  { site, challenge }: Expected,
): Promise<AuthenticatorData | PasskeyRefusal> {
  const shown = readAuthenticatorData(Buffer.from(response.authenticatorData, 'base64url'), site);
  const refusal = judgeAuthenticator(shown, { isBackupEligible });
  if (refusal || !shown) return refusal ?? 'malformed';
  const verification = await orNothing(
    verifyAuthenticationResponse({
      response: { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.rpId,
      credential: { id, publicKey: new Uint8Array(publicKey), counter: 0 },
      requireUserVerification: true,
    }),
  );
  return verification?.verified ? shown : 'signature';
}

/** What is known of a passkey that was made just now. */
export type Made = Omit<Passkey, 'handle' | 'address' | 'name' | 'createdAt' | 'lastUsedAt'>;

/** Verifies the answer of a passkey that was made just now. WebAuthn Level 3 §7.1. */
export async function verifyAttestation(
  { id, response }: Attestation,
  { site, challenge }: Expected,
): Promise<Made | PasskeyRefusal> {
  const ofBrowser = judgeClientData(decoded(response.clientDataJSON), { ...site, type: 'webauthn.create', challenge });
  if (ofBrowser) return ofBrowser;
  const data = authenticatorDataIn(response.attestationObject);
  if (!data) return 'malformed';
  const refusal = judgeAuthenticator(readAuthenticatorData(data, site));
  if (refusal) return refusal;
  const { clientDataJSON, attestationObject, transports } = response;
  const verification = await orNothing(
    verifyRegistrationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON, attestationObject },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...passkeyAlgorithms],
    }),
  );
  if (!verification?.verified) return 'malformed';
  const { credential, aaguid, credentialDeviceType, credentialBackedUp } = verification.registrationInfo;
  const { publicKey, counter } = credential;
  if (publicKey.length > LONGEST_KEY) return 'malformed';
  return {
    id: credential.id,
    publicKey,
    algorithm: Number(decodeCredentialPublicKey(publicKey).get(ALGORITHM)),
    counter,
    transports,
    aaguid,
    isBackupEligible: credentialDeviceType === 'multiDevice',
    isBackedUp: credentialBackedUp,
  };
}

/**
 * What the authenticator says in an attestation. Undefined for one that comes with certificates: we ask for none, and to
 * look into those would lead to addresses that they name.
 */
function authenticatorDataIn(attestationObject: string): Buffer | undefined {
  try {
    const object = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url')));
    const format = object.get('fmt');
    const isPlain = format === 'none' || (format === 'packed' && object.get('attStmt').get('x5c') === undefined);
    return isPlain ? Buffer.from(object.get('authData')) : undefined;
  } catch {
    return undefined;
  }
}

/** The library throws at whatever is wrong with what was sent, in words for developers. */
async function orNothing<T>(verification: Promise<T>): Promise<T | undefined> {
  const [outcome] = await Promise.allSettled([verification]);
  return outcome.status === 'fulfilled' ? outcome.value : undefined;
}
