import { hmac, isSame, randomSecret, sha256, shortHmac, shortSecret } from './digest.ts';
import type { Ratchet } from './types.ts';

/** A refresh token: `<grant>.<generation>.<secret>.<tag>`. */
export type RefreshToken = {
  readonly grantId: string;
  readonly generation: number;
  readonly secret: string;
  readonly tag: string;
};

/** What a presented refresh token is. RFC 9700 §4.14.2. */
export type Verdict = 'current' | 'repeat' | 'late' | 'stolen' | 'unknown';

/** Secret and tag have 22 characters; those from before tokens were shorter have 43, and stay good. */
const FORM = /^([A-Za-z0-9~-]{1,100})\.(\d{1,9})\.([\w-]{22}|[\w-]{43})\.([\w-]{22}|[\w-]{43})$/;

/** Reads a refresh token. Nothing that is not shaped like one of ours is looked up at all. */
export function parseRefreshToken(text: string): RefreshToken | undefined {
  const parts = FORM.exec(text);
  if (!parts) return undefined;
  const [, grantId = '', generation, secret = '', tag = ''] = parts;
  return { grantId, generation: Number(generation), secret, tag };
}

/** The tag tells a token that we made from one that somebody made up, which then costs no write and ends no grant. */
function issue(grantId: string, generation: number, secret: string, tagKey: string): string {
  const untagged = `${grantId}.${generation}.${secret}`;
  return `${untagged}.${shortHmac(tagKey, untagged)}`;
}

/** Where a token is shown: when, and from which network. */
type Showing = { readonly now: number; readonly network: string };

/** The first refresh token of a grant, and the state that recognises it. */
export function startRatchet(
  grantId: string,
  { now, network }: Showing,
): { readonly ratchet: Ratchet; readonly token: string } {
  const [secret, tagKey] = [shortSecret(), randomSecret()];
  const ratchet = {
    generation: 1,
    tagKey,
    hash: sha256(secret),
    previousHash: undefined,
    salt: undefined,
    rotatedAt: now,
    network: networkMark(tagKey, network),
  };
  return { ratchet, token: issue(grantId, 1, secret, tagKey) };
}

/** The state after the current token is spent, with a fresh random salt for the successor's secret. */
export function turnRatchet(ratchet: Ratchet, spent: RefreshToken, { now, network }: Showing): Ratchet {
  const salt = randomSecret();
  return {
    generation: ratchet.generation + 1,
    tagKey: ratchet.tagKey,
    hash: sha256(shortHmac(spent.secret, salt)),
    previousHash: ratchet.hash,
    salt,
    rotatedAt: now,
    network: networkMark(ratchet.tagKey, network),
  };
}

/**
 * The token that follows a spent one. It takes both the spent secret and the stored salt, so that anyone who repeats the
 * spent token gets the same successor, and the table alone yields none.
 */
export function successorOf(spent: RefreshToken, { generation, hash, salt, tagKey }: Ratchet): string {
  if (salt === undefined) throw new Error('The ratchet has not turned yet');
  const long = hmac(spent.secret, salt);
  // A ratchet that turned before tokens were shorter knows the long secret, and a repetition must get that one.
  const secret = isSame(sha256(long), hash) ? long : shortHmac(spent.secret, salt);
  return issue(spent.grantId, generation, secret, tagKey);
}

/** A network as a grant and its audit know it. */
export function networkMark(tagKey: string, network: string): string {
  return shortHmac(tagKey, `network ${network}`);
}

/** True if a repetition comes from another network than the rotation did: two parties may hold the token. RFC 9700 §4.14.2. */
export function isFromElsewhere({ tagKey, network }: Ratchet, shownFrom: string): boolean {
  return network !== undefined && !isSame(network, networkMark(tagKey, shownFrom));
}

/** True if we made the token, at whatever time. */
export function isGenuine({ grantId, generation, secret, tag }: RefreshToken, { tagKey }: Ratchet): boolean {
  const untagged = `${grantId}.${generation}.${secret}`;
  return isSame(tag, shortHmac(tagKey, untagged)) || isSame(tag, hmac(tagKey, untagged));
}

/**
 * Says what a presented token is, from the grant's hashes and its tag. A genuine token that was spent longer ago than
 * the window means that two parties hold the family. RFC 9700 §4.14.2.
 */
export function judgeRefreshToken(token: RefreshToken, ratchet: Ratchet, now: number, windowSeconds: number): Verdict {
  if (!isGenuine(token, ratchet)) return 'unknown';
  const hash = sha256(token.secret);
  if (isSame(hash, ratchet.hash)) return 'current';
  if (now - ratchet.rotatedAt > windowSeconds) return 'stolen';
  return ratchet.previousHash !== undefined && isSame(hash, ratchet.previousHash) ? 'repeat' : 'late';
}
