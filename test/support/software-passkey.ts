import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';

/** What a page asks a browser for, as it stands in its form. */
export type Options = {
  readonly challenge: string;
  readonly rpId?: string;
  readonly rp?: { readonly id: string; readonly name: string };
  readonly user?: { readonly id: string; readonly name: string };
  readonly pubKeyCredParams?: readonly { readonly alg: number }[];
  readonly excludeCredentials?: readonly { readonly id: string }[];
  readonly authenticatorSelection?: Readonly<Record<string, unknown>>;
  readonly userVerification?: string;
  readonly attestation?: string;
};

/** The options in the page's form for passkeys. Throws when it has none. */
export function optionsIn({ html }: { readonly html: string }): Options {
  const text = /data-passkey="([^"]*)"/.exec(html)?.[1]?.replaceAll('&quot;', '"').replaceAll('&#39;', "'");
  if (text === undefined) throw new Error(`No form for passkeys: ${html.slice(0, 400)}`);
  return JSON.parse(text) as Options;
}

/** What a dishonest browser or authenticator says in place of the truth. */
export type Lies = {
  readonly origin?: string;
  readonly type?: string;
  readonly challenge?: string;
  readonly crossOrigin?: boolean;
  readonly topOrigin?: string;
  readonly rpId?: string;
  readonly flags?: number;
  readonly counter?: number;
  readonly userHandle?: string;
  readonly id?: string;
  readonly algorithm?: number;
  /** Another key than the one that it has, in the form of COSE. */
  readonly coseKey?: ReadonlyMap<number, unknown>;
  readonly format?: string;
  /** What attests to it, from what is to be signed for that. */
  readonly attest?: (signed: Buffer) => ReadonlyMap<string, unknown>;
  /** Somebody else's key signs. */
  readonly key?: KeyObject;
};

/** User present, user verified; attested data is told of in those of an attestation. */
const [PRESENT, VERIFIED, ATTESTED] = [0x01, 0x04, 0x40];

/** What an authenticator keeps of a passkey: the private key as a JWK. */
export type KeptPasskey = {
  readonly id: string;
  readonly handle: string;
  readonly counter: number;
  readonly key: JsonWebKey;
};

/** A passkey in memory: what a browser and its authenticator do, step by step, so that a test can bend each. ES256. */
export class SoftwarePasskey {
  readonly id: string;
  readonly #origin: string;
  readonly #keys: { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
  #handle: string;
  #counter: number;

  /** A new one, or one that was kept. */
  constructor(origin: string, kept?: KeptPasskey) {
    this.#origin = origin;
    this.id = kept?.id ?? randomBytes(16).toString('base64url');
    this.#handle = kept?.handle ?? '';
    this.#counter = kept?.counter ?? 0;
    const privateKey = kept && createPrivateKey({ key: kept.key, format: 'jwk' });
    this.#keys = privateKey
      ? { privateKey, publicKey: createPublicKey(privateKey) }
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  }

  get key(): KeyObject {
    return this.#keys.privateKey;
  }

  /** All that it remembers, to be kept. */
  get kept(): KeptPasskey {
    return { id: this.id, handle: this.#handle, counter: this.#counter, key: this.key.export({ format: 'jwk' }) };
  }

  /** What a browser puts into the form after it has made this passkey. */
  made(options: Options, lies: Lies = {}): string {
    this.#handle = options.user?.id ?? '';
    const rpId = lies.rpId ?? options.rp?.id ?? '';
    const id = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const key = lies.coseKey ? cbor(lies.coseKey) : this.#coseKey(lies.algorithm ?? -7);
    const attested = Buffer.concat([Buffer.alloc(16), length, id, key]);
    const flags = lies.flags ?? PRESENT | VERIFIED;
    const authData = Buffer.concat([authenticatorData(rpId, flags | ATTESTED, lies.counter ?? 0), attested]);
    const clientData = this.#clientData('webauthn.create', options, lies);
    const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()]);
    const object = new Map<unknown, unknown>([
      ['fmt', lies.format ?? 'none'],
      ['attStmt', lies.attest?.(signed) ?? new Map()],
      ['authData', authData],
    ]);
    return JSON.stringify({
      id: lies.id ?? this.id,
      rawId: lies.id ?? this.id,
      type: 'public-key',
      response: {
        clientDataJSON: clientData.toString('base64url'),
        attestationObject: cbor(object).toString('base64url'),
        transports: ['internal'],
      },
      clientExtensionResults: {},
    });
  }

  /** What a browser puts into the form when this passkey signs in. Its counter stays 0 unless the test says so. */
  answer(options: Options, lies: Lies = {}): string {
    const rpId = lies.rpId ?? options.rpId ?? '';
    const data = authenticatorData(rpId, lies.flags ?? PRESENT | VERIFIED, lies.counter ?? this.#counter);
    const clientData = this.#clientData('webauthn.get', options, lies);
    const signed = Buffer.concat([data, createHash('sha256').update(clientData).digest()]);
    return JSON.stringify({
      id: lies.id ?? this.id,
      rawId: lies.id ?? this.id,
      type: 'public-key',
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', signed, lies.key ?? this.key).toString('base64url'),
        userHandle: lies.userHandle ?? this.#handle,
      },
      clientExtensionResults: {},
    });
  }

  #clientData(type: string, { challenge }: Options, lies: Lies): Buffer {
    const { origin = this.#origin, crossOrigin = false, topOrigin } = lies;
    return Buffer.from(
      JSON.stringify({
        type: lies.type ?? type,
        challenge: lies.challenge ?? challenge,
        origin,
        crossOrigin,
        topOrigin,
      }),
    );
  }

  #coseKey(algorithm: number): Buffer {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    return cbor(
      new Map<unknown, unknown>([
        [1, 2],
        [3, algorithm],
        [-1, 1],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
      ]),
    );
  }
}

function authenticatorData(rpId: string, flags: number, counter: number): Buffer {
  const rest = Buffer.alloc(5);
  rest.writeUInt8(flags);
  rest.writeUInt32BE(counter, 1);
  return Buffer.concat([createHash('sha256').update(rpId).digest(), rest]);
}

/** As much of CBOR as an attestation needs. RFC 8949 §3. */
function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  if (value instanceof Map) return Buffer.concat([head(5, value.size), ...[...value].flat(1).map(cbor)]);
  throw new TypeError(`A ${typeof value} is not written here`);
}

function head(major: number, count: number): Buffer {
  if (count < 24) return Buffer.from([(major << 5) | count]);
  if (count < 256) return Buffer.from([(major << 5) | 24, count]);
  return Buffer.from([(major << 5) | 25, count >> 8, count & 255]);
}
