import { sha256 } from '#core/oauth/digest.ts';
import { type Backup, type Holder, mostPasskeys } from '#core/oauth/passkey.ts';
import type { DatedPrincipal } from '#core/oauth/types.ts';
import { addressLookup, personKey } from './people.ts';
import { type Key, type Lookup, query, type Write } from './table.ts';

/** A key pair on a person's devices that signs them in. Only its public half is known here. */
export type Passkey = Backup & {
  readonly id: string;
  /** The user handle that it carries. It counts only as long as its person has the same. */
  readonly handle: string;
  /** The address that it signs in with. */
  readonly address: string;
  /** In the form of COSE. RFC 9053 §7. */
  readonly publicKey: Uint8Array;
  readonly algorithm: number;
  readonly counter: number;
  readonly transports: readonly string[];
  /** What kind of authenticator made it, where it says so. */
  readonly aaguid: string;
  readonly name: string;
  readonly createdAt: number;
  readonly lastUsedAt?: number;
};

const PREFIX = 'PASSKEY#';

/** How the audit, and forms, name a passkey. */
export function passkeyHash(id: string): string {
  return sha256(id);
}

function keyOf(subject: string, hash: string): Key {
  return { pk: personKey(subject).pk, sk: `${PREFIX}${hash}` };
}

/** Where a passkey is, by its hash. */
export function passkeyLookup(subject: string, hash: string): Key & Lookup<Passkey> {
  return keyOf(subject, hash);
}

/** All passkeys that are kept of a person, the oldest first, whether or not they count. */
export async function passkeysOf(subject: string): Promise<readonly Passkey[]> {
  const { items } = await query<Passkey & Key>(personKey(subject).pk, { after: PREFIX, most: 2 * mostPasskeys });
  const passkeys = items.filter(({ sk }) => sk.startsWith(PREFIX));
  return passkeys.sort((one, other) => one.createdAt - other.createdAt);
}

/** A person whose passkeys change: as they signed in, and by what their passkeys are held together. */
type Change = {
  readonly principal: DatedPrincipal;
  readonly holder: Holder;
  readonly address: string;
};

/**
 * Adds a passkey, if the person's passkeys are as they were when the challenge was made, and they may still sign in. From
 * then on they are not offered one at a sign-in any more. Those that carry another handle go.
 */
export function addedPasskey(
  { principal, holder, address }: Change,
  passkey: Passkey,
  stale: readonly Passkey[],
): Write[] {
  const { subject } = principal;
  return [
    holding(principal, holder),
    { ...keyOf(subject, passkeyHash(passkey.id)), put: passkey },
    offerAnswered(subject, address),
    ...stale.map((old) => removed(subject, old)),
  ];
}

/** Removes a passkey, if the person's passkeys are as they were when the page was made. */
export function removedPasskey({ principal, holder }: Omit<Change, 'address'>, passkey: Passkey): Write[] {
  return [holding(principal, holder), removed(principal.subject, passkey)];
}

function removed(subject: string, { id, handle }: Passkey): Write {
  return {
    ...keyOf(subject, passkeyHash(id)),
    remove: true,
    condition: 'handle = :handle',
    values: { ':handle': handle },
  };
}

/** Renames a passkey that is still there. */
export function renamedPasskey(subject: string, { id, handle }: Passkey, name: string): Write {
  return {
    ...keyOf(subject, passkeyHash(id)),
    change: 'SET #name = :name',
    condition: 'handle = :handle',
    values: { ':handle': handle, ':name': name },
  };
}

/** Counts that a passkey signed its person in, if it is still there. The counter of a copy does not set it back. */
export function usedPasskey(
  subject: string,
  passkey: Passkey,
  shown: Pick<Passkey, 'counter' | 'isBackedUp'>,
  now: number,
): Write {
  return {
    ...keyOf(subject, passkeyHash(passkey.id)),
    change: 'SET #counter = :counter, isBackedUp = :backedUp, lastUsedAt = :now',
    condition: 'handle = :handle',
    values: {
      ':handle': passkey.handle,
      ':counter': Math.max(passkey.counter, shown.counter),
      ':backedUp': shown.isBackedUp,
      ':now': now,
    },
  };
}

/** Remembers that a person was offered passkeys, and what to say about it: they are asked once. */
export function offerAnswered(subject: string, address: string): Write {
  return {
    ...addressLookup(sha256(address)),
    change: 'SET hasAnsweredOffer = :yes',
    condition: 'subject = :subject',
    values: { ':yes': true, ':subject': subject },
  };
}

/** Counts a change of a person's passkeys. It fails where `requirePerson` does, and when they have changed since they were read. */
function holding({ subject, tenant, era = 0 }: DatedPrincipal, { handle, changes }: Holder): Write {
  const isThere = 'attribute_exists(pk) AND attribute_not_exists(disabledAt) AND #tenant = :tenant';
  const sameEra = era === 0 ? 'attribute_not_exists(era)' : 'era = :era';
  const sameHandle = '(attribute_not_exists(passkeyHandle) OR passkeyHandle = :handle)';
  const sameChanges = changes === 0 ? 'attribute_not_exists(passkeyChanges)' : 'passkeyChanges = :changes';
  return {
    ...personKey(subject),
    change: 'SET passkeyHandle = :handle, passkeyChanges = :next',
    condition: [isThere, sameEra, sameHandle, sameChanges].join(' AND '),
    values: {
      ':tenant': tenant,
      ':era': era === 0 ? undefined : era,
      ':handle': handle,
      ':changes': changes === 0 ? undefined : changes,
      ':next': changes + 1,
    },
  };
}
