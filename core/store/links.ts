import { sha256 } from '#core/oauth/digest.ts';
import { personKey } from './people.ts';
import { sessionSeconds } from './sessions.ts';
import { ALWAYS, type Key, type Lookup, query, type Write } from './table.ts';

/** Who somebody is at an outside provider: the issuer, and the key under which it knows them. */
export type Identity = { readonly issuer: string; readonly key: string };

/** What leads from an identity at a provider to a person. */
export type Link = {
  readonly subject: string;
  /** The address by which the person is known here: not what the provider calls them today. */
  readonly address: string;
  readonly provider: string;
  readonly usedAt: number;
  /** The person showed by a mailed code that the address is theirs, in this era. Without one, the provider's word was enough. */
  readonly provenIn?: number;
};

/** A link that is to be made. Of an identity its hash is kept, and that of its issuer, of which a person has one link. */
export type NewLink = { readonly hash: string; readonly issuerHash: string; readonly provider: string };

/** The link of an identity, before it leads to anybody. */
export function linkOf(identity: Identity, provider: string): NewLink {
  const { issuer, key } = identity;
  return { hash: sha256(JSON.stringify([issuer, key])), issuerHash: sha256(issuer), provider };
}

/** Where the link of an identity is. */
export function linkLookup({ hash }: Pick<NewLink, 'hash'>): Key & Lookup<Link> {
  return { pk: `LINK#${hash}`, sk: 'LINK' };
}

/** What is noted of a link with its person: which one it is, and since when it leads to them. */
export type NotedLink = Pick<NewLink, 'hash' | 'provider'> & Pick<Key, 'sk'> & { readonly linkedAt: number };

const NOTED = 'LINK#';
const PAGE = 25;

/** Where the one link that a person has with an issuer is noted. */
export function linkedLookup(
  subject: string,
  { issuerHash }: Pick<NewLink, 'issuerHash'>,
): Key & Lookup<Pick<NotedLink, 'hash'>> {
  return { pk: personKey(subject).pk, sk: `${NOTED}${issuerHash}` };
}

/** A page of the links that lead to a person, and where the next one starts, if there is one. */
export async function linksOf(
  subject: string,
  after?: string,
): Promise<{ readonly links: readonly NotedLink[]; readonly next: string | undefined }> {
  const { items, next } = await query<NotedLink>(personKey(subject).pk, { after, prefix: NOTED, most: PAGE });
  return { links: items, next };
}

type Linked = {
  readonly subject: string;
  readonly address: string;
  /** The era in which a mailed code proved the address, if one did. */
  readonly provenIn: number | undefined;
};

/**
 * Links an identity with a person, or shows once more that it is theirs. Not when it leads to somebody else, nor when
 * another identity of the same issuer leads to the person. A part of the transaction that signs them in.
 */
export function linked(link: NewLink, { subject, address, provenIn }: Linked, now: number): Write[] {
  const proven = provenIn === undefined ? '' : ', provenIn = :era';
  return [
    {
      ...linkLookup(link),
      change: `SET subject = :subject, #address = :address, provider = :provider, usedAt = :now${proven}`,
      condition: 'attribute_not_exists(pk) OR subject = :subject',
      values: {
        ':subject': subject,
        ':address': address,
        ':provider': link.provider,
        ':now': now,
        ':era': provenIn,
      },
    },
    {
      ...linkedLookup(subject, link),
      change: 'SET #hash = :hash, provider = :provider, linkedAt = if_not_exists(linkedAt, :now)',
      condition: 'attribute_not_exists(pk) OR #hash = :hash',
      values: { ':hash': link.hash, ':provider': link.provider, ':now': now },
    },
  ];
}

/** Notes that a link was used. Holds only while it leads to the person. */
export function usedLink(link: NewLink, subject: string, now: number): Write {
  return {
    ...linkLookup(link),
    change: 'SET usedAt = :now',
    condition: 'subject = :subject',
    values: { ':now': now, ':subject': subject },
  };
}

/** Removes a link that leads to a person, if it is still there and still theirs. */
export function unlinked(link: Pick<NewLink, 'hash'>, subject: string): Write {
  return {
    ...linkLookup(link),
    remove: true,
    condition: 'attribute_not_exists(pk) OR subject = :subject',
    values: { ':subject': subject },
  };
}

/** Takes back a link together with the note of it, while they are one another's. */
export function unlinkedFrom(link: Pick<NotedLink, 'hash' | 'sk'>, subject: string): Write[] {
  const noted = { pk: personKey(subject).pk, sk: link.sk };
  return [
    unlinked(link, subject),
    { ...noted, remove: true, condition: '#hash = :hash', values: { ':hash': link.hash } },
  ];
}

/** Where it says whose a session at a provider is, by what the provider calls it. */
export function sidLookup(issuerHash: string, sid: string): Key & Lookup<Pick<NewLink, 'hash'>> {
  return { pk: `LINK#${sha256(JSON.stringify([issuerHash, 'sid', sid]))}`, sk: 'SID' };
}

/** Notes it, for as long as a session here lasts that began in it. */
export function sidOf({ issuerHash, hash }: NewLink, sid: string, now: number): Write {
  return {
    ...sidLookup(issuerHash, sid),
    change: 'SET #hash = :hash, #ttl = :ttl',
    condition: ALWAYS,
    values: { ':hash': hash, ':ttl': now + sessionSeconds },
  };
}

/** A link as an answer of the provider gave it, and what would end it before it leads to somebody. */
export type AnsweredLink = NewLink & {
  /** When the answer came, in milliseconds, and in which era of the person whom its address led to. */
  readonly answeredAt: number;
  readonly era: number | undefined;
  /** Where it would say that the provider has logged them out since. An answer from before that was noted has none. */
  readonly endedBy?: readonly Key[];
};

type Answer = Pick<AnsweredLink, 'answeredAt' | 'era'> & { readonly sid: string | undefined };

/** The link that an answer gave, which names the session that somebody has at the provider, if it has a name. */
export function answeredLink(link: NewLink, { answeredAt, era, sid }: Answer): AnsweredLink {
  const session = sid === undefined ? unnamedKey(link) : sessionKey(link.issuerHash, sid);
  return { ...link, answeredAt, era, endedBy: [identityKey(link), session] };
}

/** Holds unless the provider has logged them out since its answer came. */
export function notLoggedOut({ endedBy = [], answeredAt }: AnsweredLink): Write[] {
  const condition = 'attribute_not_exists(pk) OR loggedOutAt < :at';
  return endedBy.map((key) => ({ ...key, require: condition, values: { ':at': answeredAt } }));
}

/** Longer than any sign-in waits for its code. */
const LOGGED_OUT_SECONDS = 3_600;

type LoggedOut = {
  readonly issuerHash: string;
  /** The identity, where the provider names it or its session was noted. */
  readonly hash: string | undefined;
  readonly sid: string | undefined;
};

/**
 * Notes that a provider has logged somebody out, so that no answer from before signs anybody in. Of a session without a
 * name nothing says that it is another than the one that is named.
 */
export function loggedOut({ issuerHash, hash, sid }: LoggedOut, nowMilliseconds: number): Write[] {
  const named = sid === undefined ? [] : [sessionKey(issuerHash, sid)];
  const identity = hash === undefined ? [] : [sid === undefined ? identityKey({ hash }) : unnamedKey({ hash })];
  return [...named, ...identity].map((key) => ({
    ...key,
    change: 'SET loggedOutAt = :at, #ttl = :ttl',
    condition: ALWAYS,
    values: { ':at': nowMilliseconds, ':ttl': Math.floor(nowMilliseconds / 1_000) + LOGGED_OUT_SECONDS },
  }));
}

function identityKey(link: Pick<NewLink, 'hash'>): Key {
  return { pk: linkLookup(link).pk, sk: 'LOGGED_OUT' };
}

function unnamedKey(link: Pick<NewLink, 'hash'>): Key {
  return { pk: linkLookup(link).pk, sk: 'LOGGED_OUT_UNNAMED' };
}

function sessionKey(issuerHash: string, sid: string): Key {
  return { pk: sidLookup(issuerHash, sid).pk, sk: 'LOGGED_OUT' };
}
