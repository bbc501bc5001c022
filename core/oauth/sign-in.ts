import { isSame, sha256 } from './digest.ts';

/** How long a sign-in is open. */
export const signInSeconds = 15 * 60;
/** How many wrong codes end it. */
export const mostTries = 5;
/** How many of the codes that were mailed before the newest are remembered. */
export const mostEarlierCodes = 5;
/** How many sign-ins a browser may be in the middle of. Beyond these the oldest is given up. */
export const mostWindows = 5;
/** How young a sign-in must be for what can't be undone, or gives another way to sign in. */
export const freshSignInSeconds = 10 * 60;

/** A form that comes again so soon was sent twice: by a double click, or by a browser that tried again. */
const SENT_TWICE_SECONDS = 10;

/** What of a sign-in decides how it goes on. */
type State = {
  readonly browserHash: string;
  readonly expiresAt?: number;
  readonly ttl: number;
  readonly address?: string;
  readonly mails?: number;
  readonly mailedAt?: number;
  readonly codeHash?: string;
  readonly earlierHashes?: readonly string[];
  readonly triesLeft: number;
  readonly lastTried?: string;
  readonly principal?: unknown;
  readonly signedInAt?: number;
  readonly decision?: unknown;
};

/** How a sign-in stands for a browser that shows a secret. */
export type Standing = 'open' | 'signed-in' | 'decided' | 'expired' | 'foreign';

/** Says how a sign-in stands for the browser whose secret has this hash. */
export function standingOf(signIn: State, browserHash: string, now: number): Standing {
  if (!isSame(signIn.browserHash, browserHash)) return 'foreign';
  if (hasExpired(signIn, now)) return 'expired';
  if (signIn.decision !== undefined) return 'decided';
  return signIn.principal === undefined ? 'open' : 'signed-in';
}

/** A sign-in from before its end was written down ends when it may be deleted. */
function hasExpired({ expiresAt, ttl }: Pick<State, 'expiresAt' | 'ttl'>, now: number): boolean {
  return (expiresAt ?? ttl) <= now;
}

/** Why a window cannot go on whose browser shows no secret. */
export type Loss = 'expired' | 'pushed-out' | 'elsewhere' | 'unknown';

type Lost = {
  /** The sign-in that the form names, if it is known. */
  readonly signIn: (Pick<State, 'expiresAt' | 'ttl'> & { readonly formHash?: string }) | undefined;
  readonly formToken: string;
  /** When the sign-in of this id began, by its id. */
  readonly begunAt: number;
  /** How many sign-ins that began later the browser is in the middle of. */
  readonly newerWindows: number;
  readonly now: number;
};

/**
 * Says what became of the window, for the words that a person reads. Only a page of ours has the form token, so whoever
 * shows it knows the request already; without it nothing but the age of the id counts.
 */
export function lossOf({ signIn, formToken, begunAt, newerWindows, now }: Lost): Loss {
  const isOurs = signIn?.formHash !== undefined && isSame(signIn.formHash, sha256(formToken));
  if (!isOurs) return begunAt + signInSeconds <= now ? 'expired' : 'unknown';
  if (hasExpired(signIn, now)) return 'expired';
  return newerWindows >= mostWindows ? 'pushed-out' : 'elsewhere';
}

/** What asks for a mail: an address, and how many mails had gone out when the page with the form was made. */
export type MailRequest = { readonly address: string; readonly mailsBefore: number | undefined };

/**
 * True if a request for a mail is the one before sent twice. "Send another code" names how many mails there were, so
 * that it is told from a second click on the form before.
 */
export function isSentTwice({ address, mails, mailedAt }: State, asked: MailRequest, now: number): boolean {
  if (mailedAt === undefined || address !== asked.address || asked.mailsBefore === mails) return false;
  return now - mailedAt <= SENT_TWICE_SECONDS;
}

/** What a typed code is. Only `wrong` costs one of the tries. */
export type CodeVerdict = 'right' | 'wrong' | 'earlier' | 'not-mailed' | 'signed-in' | 'tries-used-up';

/**
 * Says what a typed code is, from the sign-in as it was when a try was asked for, and whether there was one to be had.
 * A form that was sent twice has no try the second time, and the same answer.
 */
export function judgeCode(signIn: State, typedHash: string, hasTry: boolean): CodeVerdict {
  const isRight = signIn.codeHash !== undefined && isSame(signIn.codeHash, typedHash);
  if (hasTry) return isRight ? 'right' : 'wrong';
  if (signIn.principal !== undefined) return 'signed-in';
  if (signIn.codeHash === undefined) return 'not-mailed';
  if (signIn.triesLeft > 0 && signIn.earlierHashes?.includes(typedHash)) return 'earlier';
  if (signIn.lastTried === typedHash) return isRight ? 'right' : 'wrong';
  return 'tries-used-up';
}

/** True if this is the code by which the person signed in a moment ago, so that the form was sent twice. */
export function isSignedInBy({ codeHash, signedInAt }: State, typedHash: string, now: number): boolean {
  if (codeHash === undefined || signedInAt === undefined) return false;
  return isSame(codeHash, typedHash) && now - signedInAt <= SENT_TWICE_SECONDS;
}

/** True if a sign-in is young enough for what takes one that is. */
export function isFreshSignIn(signedInAt: number, now: number): boolean {
  return now - signedInAt < freshSignInSeconds;
}
