import type { Freshness } from '#core/oauth/prompt.ts';
import { mostEarlierCodes, mostTries, signInSeconds } from '#core/oauth/sign-in.ts';
import type { AuthorizationRequest, DatedPrincipal } from '#core/oauth/types.ts';
import type { AnsweredLink } from './links.ts';
import type { Session } from './sessions.ts';
import { change, type Lookup, type Outcome, type Write } from './table.ts';

/** Kept after its end, so that somebody who comes back late can start again. */
const KEPT_SECONDS = 3_600;

/** A person's way from an authorization request to an answer, bound to one browser. */
export type SignIn = {
  readonly id: string;
  readonly request: AuthorizationRequest;
  /** How fresh the client wants the sign-in to be, counted from when the request began. */
  readonly freshness?: Freshness;
  readonly begunAt?: number;
  readonly clientName: string | undefined;
  /** Where the picture is that the client's metadata document names. */
  readonly logoUri?: string | undefined;
  /** The operator registered the client. */
  readonly isOfOperator?: boolean;
  /** The language of its pages and mails. Once somebody has signed in, it is theirs if they have chosen one. */
  readonly language?: string;
  /** The hash of the secret in the browser's cookie. */
  readonly browserHash: string;
  /** The hash of what its forms carry, which tells a page of ours when the browser has lost its cookie. */
  readonly formHash?: string;
  /** The address that the code was mailed to. */
  readonly address?: string;
  /** The tenant that the address led to when the code was mailed, so that its policy can be read with the address. */
  readonly tenant?: string | null;
  /** The era of the person whom the address led to when the code was mailed: an earlier code signs nobody in. */
  readonly era?: number;
  /** How many codes were mailed, and when the last one was. */
  readonly mails?: number;
  readonly mailedAt?: number;
  /** Keyed with the browser's secret, so that the table alone cannot be searched for the code. */
  readonly codeHash?: string;
  /** The codes that were mailed before, keyed alike, the newest first. */
  readonly earlierHashes?: readonly string[];
  readonly triesLeft: number;
  /** What was typed at the last try, keyed alike. */
  readonly lastTried?: string;
  /** Who signed in, and when they did so by the code. */
  readonly principal?: DatedPrincipal;
  readonly signedInAt?: number;
  /** The visit that the person is on, from when they are known. */
  readonly visit?: string;
  /** With the browser's secret it gives the secret of the session that was begun. */
  readonly sessionSalt?: string;
  /** The hash of what the window shows since somebody signed in there. A window begun by who was known needs none. */
  readonly proofHash?: string;
  /** How many passkeys have signed in here: the challenge of the next follows from it. */
  readonly passkeyUses?: number;
  /**
   * The provider that the window was sent to, and what its state, nonce and verifier follow from with the browser's
   * secret. Once somebody has signed in, the provider is the one through which they did, if they did so through one.
   */
  readonly provider?: string | null | undefined;
  readonly providerSalt?: string;
  /** Who came back from a provider, until they have shown by a code that the address is theirs. */
  readonly pendingLink?: PendingLink;
  /** The page after the sign-in offers a passkey. A form that was sent twice gets the same page. */
  readonly offersPasskey?: boolean;
  readonly decision?: Decision;
  readonly expiresAt?: number;
  readonly ttl: number;
};

/** A link that a mailed code to this address makes, in the browser that came back from the provider. */
export type PendingLink = AnsweredLink & { readonly address: string; readonly sid?: string | undefined };

/** What the person decided. The first decision stands. */
export type Decision =
  | { readonly approved: true; readonly scopes: readonly string[]; readonly grantId: string }
  | { readonly approved: false };

/** Where a sign-in is. */
export function signInLookup(id: string): Lookup<SignIn> {
  return { pk: `SIGNIN#${id}`, sk: 'SIGNIN' };
}

/** A sign-in, and the browser that claims it. */
export type Held = Pick<SignIn, 'id' | 'browserHash'>;

type Begun = Omit<SignIn, 'begunAt' | 'mails' | 'triesLeft' | 'expiresAt' | 'ttl'>;

/** A new sign-in, of a person whom the browser knows already or of one who is still to come. */
export function newSignIn(begun: Begun, now: number): SignIn {
  const expiresAt = now + signInSeconds;
  return { ...begun, begunAt: now, mails: 0, triesLeft: mostTries, expiresAt, ttl: expiresAt + KEPT_SECONDS };
}

/** Begins it. */
export function startSignIn(signIn: SignIn): Write {
  return { ...signInLookup(signIn.id), put: signIn };
}

/** Takes back who signed in, for another person to do so. Not after a decision. */
export function signedOut({ id, browserHash }: Held): Write {
  return {
    ...signInLookup(id),
    change:
      'REMOVE principal, #address, codeHash, mailedAt, signedInAt, sessionSalt, proofHash, visit, era, pendingLink, providerSalt',
    condition: 'browserHash = :browser AND attribute_not_exists(decision)',
    values: { ':browser': browserHash },
  };
}

/**
 * Notes that the window is sent to a provider. What follows from the salt of an earlier way there holds no longer, and
 * neither does what came of one.
 */
export function sentToProvider({ id, browserHash }: Held, provider: string, salt: string): Promise<Outcome<SignIn>> {
  return change(signInLookup(id), {
    change: 'SET provider = :provider, providerSalt = :salt REMOVE pendingLink',
    condition: OPEN,
    values: { ':browser': browserHash, ':provider': provider, ':salt': salt },
  });
}

/** Takes the way back from a provider, once, before the answer is looked at. */
export function takeWayBack({ id, browserHash }: Held, salt: string): Promise<Outcome<SignIn>> {
  return change(signInLookup(id), {
    change: 'REMOVE providerSalt',
    condition: `${OPEN} AND providerSalt = :salt`,
    values: { ':browser': browserHash, ':salt': salt },
  });
}

/** Keeps who came back from a provider until they have shown that the address is theirs. */
export function expectProof({ id, browserHash }: Held, pendingLink: PendingLink): Promise<Outcome<SignIn>> {
  return change(signInLookup(id), {
    change: 'SET pendingLink = :link',
    condition: OPEN,
    values: { ':browser': browserHash, ':link': pendingLink },
  });
}

type Expected = {
  readonly address: string;
  readonly codeHash: string;
  readonly tenant: string | undefined;
  readonly era: number | undefined;
};

/** The sign-in as it is when the next code is mailed. The tries stay what they were. */
export function withCode(signIn: SignIn, { address, codeHash, tenant, era = 0 }: Expected, now: number): SignIn {
  const { codeHash: replaced, earlierHashes = [], mails = 0 } = signIn;
  const earlier = replaced === undefined ? earlierHashes : [replaced, ...earlierHashes].slice(0, mostEarlierCodes);
  const code = { address, codeHash, tenant: tenant ?? null, era, earlierHashes: earlier };
  return { ...signIn, ...code, mails: mails + 1, mailedAt: now };
}

/** Replaces the code of a sign-in that is still open, unless another one was mailed since it was read. */
export function expectCode(read: SignIn, next: SignIn): Write {
  return {
    ...signInLookup(read.id),
    change:
      'SET #address = :address, codeHash = :code, #tenant = :tenant, era = :era, earlierHashes = :earlier, mails = :mails, mailedAt = :now',
    condition: `${OPEN} AND (attribute_not_exists(mails) OR mails = :before)`,
    values: {
      ':browser': read.browserHash,
      ':address': next.address,
      ':code': next.codeHash,
      ':tenant': next.tenant,
      ':era': next.era,
      ':earlier': next.earlierHashes,
      ':mails': next.mails,
      ':now': next.mailedAt,
      ':before': read.mails ?? 0,
    },
  };
}

/** Forgets that a mail went out which did not, so that asking for it again is not taken for the same form sent twice. */
export async function mailFailed({ id, mails = 0 }: SignIn): Promise<void> {
  await change(signInLookup(id), {
    change: 'REMOVE mailedAt',
    condition: 'mails = :mails',
    values: { ':mails': mails },
  });
}

/** What was typed, keyed, and how many tries were left when the page with the form was made, if it says so. */
export type Try = { readonly typedHash: string; readonly triesShown: number | undefined };

/**
 * Takes one of the tries, before the code is looked at: so parallel guesses cannot have more than there are. An earlier
 * code takes none, and neither does a form that comes a second time.
 */
export function takeTry({ id, browserHash }: Held, { typedHash, triesShown = 0 }: Try): Promise<Outcome<SignIn>> {
  const isNew = 'NOT contains(earlierHashes, :typed) AND NOT (lastTried = :typed AND triesLeft < :shown)';
  return change(signInLookup(id), {
    change: 'SET triesLeft = triesLeft - :one, lastTried = :typed',
    condition: `${OPEN} AND triesLeft > :none AND attribute_exists(codeHash) AND ${isNew}`,
    values: { ':one': 1, ':none': 0, ':typed': typedHash, ':shown': triesShown, ':browser': browserHash },
  });
}

/** Of this browser, and not signed in yet. That it has not expired is known from what was read: that never changes. */
const OPEN = 'browserHash = :browser AND attribute_not_exists(principal)';

type Arrived = {
  readonly principal: DatedPrincipal;
  readonly address: string;
  readonly codeHash: string;
  readonly sessionSalt: string;
  readonly proofHash: string;
  readonly visit: string;
  readonly language: string | undefined;
  /** The provider through which they came. */
  readonly through: string | undefined;
  /** How many passkeys had signed in here when the one was asked for that signs in now. */
  readonly passkeyUsesBefore?: number | undefined;
  readonly offersPasskey: boolean;
};

/**
 * Records who signed in, and by which code, since another one may have been asked for meanwhile, or by which answer of a
 * passkey, whose challenge is spent with it. A part of the transaction that makes or finds the person.
 */
export function signedIn({ id, browserHash }: Held, arrived: Arrived, now: number): Write {
  const { passkeyUsesBefore } = arrived;
  const isByPasskey = passkeyUsesBefore !== undefined;
  const unspent = ' AND (attribute_not_exists(passkeyUses) OR passkeyUses = :uses)';
  return {
    ...signInLookup(id),
    change: `SET principal = :principal, #address = :address, codeHash = :code, signedInAt = :now, sessionSalt = :salt, proofHash = :proof, visit = :visit, provider = :through, offersPasskey = :offers${spoken(arrived)}${isByPasskey ? ', passkeyUses = :spent' : ''}`,
    condition: `${OPEN}${isByPasskey ? unspent : ''}`,
    values: {
      ':principal': arrived.principal,
      ':address': arrived.address,
      ':code': arrived.codeHash,
      ':now': now,
      ':salt': arrived.sessionSalt,
      ':proof': arrived.proofHash,
      ':visit': arrived.visit,
      ':language': arrived.language,
      ':browser': browserHash,
      ':offers': arrived.offersPasskey,
      ':through': arrived.through ?? null,
      ':uses': passkeyUsesBefore,
      ':spent': isByPasskey ? passkeyUsesBefore + 1 : undefined,
    },
  };
}

function spoken({ language }: Pick<Arrived, 'language'>): string {
  return language === undefined ? '' : ', #language = :language';
}

/** Records a person whom the browser knows from another window. */
export function recognised(
  { id, browserHash }: Held,
  { principal, address, provider }: Session,
  arrived: Pick<Arrived, 'visit' | 'sessionSalt' | 'proofHash' | 'language'>,
): Promise<Outcome<SignIn>> {
  return change(signInLookup(id), {
    change: `SET principal = :principal, #address = :address, visit = :visit, provider = :through, sessionSalt = :salt, proofHash = :proof${spoken(arrived)} REMOVE codeHash, mailedAt`,
    condition: OPEN,
    values: {
      ':principal': principal,
      ':address': address,
      ':through': provider ?? null,
      ':visit': arrived.visit,
      ':salt': arrived.sessionSalt,
      ':proof': arrived.proofHash,
      ':language': arrived.language,
      ':browser': browserHash,
    },
  });
}

/** Records what the person decided, once, and unless another one has signed in since. */
export function decided(id: string, { subject }: DatedPrincipal, decision: Decision): Write {
  return {
    ...signInLookup(id),
    change: 'SET decision = :decision',
    condition: 'principal.subject = :subject AND attribute_not_exists(decision)',
    values: { ':decision': decision, ':subject': subject },
  };
}
