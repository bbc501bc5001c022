import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** What is signed. The path has only unreserved characters, and there is no query. */
type Signable = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Empty for keys that do not expire. */
  readonly sessionToken: string;
};

/** A key object: given bytes, Node.js checks at each signature whether they are one, which takes longer than signing. */
type SigningKey = { readonly secret: string; readonly day: string; readonly key: KeyObject };

/**
 * Makes a function that signs requests to one service with Signature Version 4: it returns the headers, all of them signed,
 * with the time, the session token and the authorization. The key of a day is derived once.
 */
export function signer(region: string, service: string) {
  let signing: SigningKey | undefined;

  return (request: Signable, credentials: Credentials, now: number): Record<string, string> => {
    const time = new Date(now).toISOString().replace(/[:-]|\.\d+/g, '');
    const day = time.slice(0, 8);
    const secret = credentials.secretAccessKey;
    if (signing?.secret !== secret || signing.day !== day) signing = { secret, day, key: signingKey(secret, day) };
    const headers: Record<string, string> = { ...request.headers, 'x-amz-date': time };
    if (credentials.sessionToken) headers['x-amz-security-token'] = credentials.sessionToken;
    const { names, canonical } = canonicalRequest({ ...request, headers });
    const scope = `${day}/${region}/${service}/aws4_request`;
    const text = `${ALGORITHM}\n${time}\n${scope}\n${hash('sha256', canonical)}`;
    const signature = hmac(signing.key, text).toString('hex');
    headers.authorization = `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    return headers;
  };

  function signingKey(secret: string, day: string): KeyObject {
    return createSecretKey([region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${secret}`, day)));
  }
}

function canonicalRequest({ method, path, headers, body }: Signable) {
  const sorted = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, ' ')] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const names = sorted.map(([name]) => name).join(';');
  const lines = sorted.map(([name, value]) => `${name}:${value}\n`).join('');
  return { names, canonical: `${method}\n${path}\n\n${lines}\n${names}\n${hash('sha256', body)}` };
}

function hmac(key: string | Buffer | KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
