import type { AuthorizationRequest, Principal } from '#core/oauth/types.ts';
import { add, change, type Lookup, type Outcome, type Write } from './table.ts';

const SIGN_IN_SECONDS = 15 * 60;
const TRIES = 5;

/** A person's way from an authorization request to an answer, bound to one browser. */
export type SignIn = {
  readonly id: string;
  readonly request: AuthorizationRequest;
  readonly clientName: string | undefined;
  /** The hash of the secret in the browser's cookie. */
  readonly browserHash: string;
  /** The address that the code was mailed to. */
  readonly address?: string;
  /** The tenant that the address led to when the code was mailed, so that its policy can be read with the address. */
  readonly tenant?: string | null;
  /** Keyed with the browser's secret, so that the table alone cannot be searched for the code. */
  readonly codeHash?: string;
  readonly triesLeft: number;
  /** Who signed in. */
  readonly principal?: Principal;
  readonly decision?: Decision;
  readonly ttl: number;
};

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

/** Begins a sign-in, of a person whom the browser knows already or of one who is still to come. */
export async function startSignIn(begun: Omit<SignIn, 'triesLeft' | 'ttl'>, now: number): Promise<SignIn> {
  const signIn = { ...begun, triesLeft: TRIES, ttl: now + SIGN_IN_SECONDS };
  await add({ ...signInLookup(signIn.id), put: signIn });
  return signIn;
}

/** Takes back who signed in, for another person to do so. Not after a decision. */
export function signedOut({ id, browserHash }: Held, now: number): Promise<Outcome<SignIn>> {
  return change(signInLookup(id), {
    change: 'REMOVE principal, #address, codeHash',
    condition: 'browserHash = :browser AND attribute_not_exists(decision) AND #ttl > :now',
    values: { ':browser': browserHash, ':now': now },
  });
}

type Expected = { readonly address: string; readonly codeHash: string; readonly tenant: string | undefined };

/** Replaces the code of a sign-in that is still open. The tries stay what they were. */
export function expectCode(
  { id, browserHash }: Held,
  { address, codeHash, tenant }: Expected,
  now: number,
): Promise<Outcome<SignIn>> {
  return change(signInLookup(id), {
    change: 'SET #address = :address, codeHash = :codeHash, #tenant = :tenant',
    condition: OPEN,
    values: {
      ...{ ':address': address, ':codeHash': codeHash, ':tenant': tenant ?? null },
      ...{ ':browser': browserHash, ':now': now },
    },
  });
}

/** Takes one of the tries, before the code is looked at: so parallel guesses cannot have more than there are. */
export function takeTry({ id, browserHash }: Held, now: number): Promise<Outcome<SignIn>> {
  return change(signInLookup(id), {
    change: 'SET triesLeft = triesLeft - :one',
    condition: `${OPEN} AND triesLeft > :none AND attribute_exists(codeHash)`,
    values: { ':one': 1, ':none': 0, ':browser': browserHash, ':now': now },
  });
}

/** Of this browser, not signed in yet, and not over. */
const OPEN = 'browserHash = :browser AND attribute_not_exists(principal) AND #ttl > :now';

/** Records who signed in. A part of the transaction that makes or finds the person. */
export function signedIn({ id, browserHash }: Held, principal: Principal, now: number): Write {
  return {
    ...signInLookup(id),
    change: 'SET principal = :principal REMOVE codeHash',
    condition: OPEN,
    values: { ':principal': principal, ':browser': browserHash, ':now': now },
  };
}

/** Records what the person decided, once. */
export function decided(id: string, decision: Decision): Write {
  return {
    ...signInLookup(id),
    change: 'SET decision = :decision',
    condition: 'attribute_exists(principal) AND attribute_not_exists(decision)',
    values: { ':decision': decision },
  };
}
