import type { JWK } from 'jose';

/** A public key. A set of several issuers' keys, as Entra has it, names the one issuer that each of them signs for. */
export type PublicKey = JWK & { readonly issuer?: string };

/** A JWK set. RFC 7517 §5. */
export type PublicKeys = { keys: PublicKey[] };

/** An application that asks for access, as it describes itself. RFC 7591 §2. */
export type Client = {
  readonly id: string;
  readonly name: string | undefined;
  readonly uri: string | undefined;
  /** Where its picture is, if its metadata document names one. */
  readonly logoUri?: string | undefined;
  readonly redirectUris: readonly string[];
  /** The ways in which it may authenticate. The first is the one it registered. */
  readonly authMethods: readonly AuthMethod[];
  /** The hashes of its secrets: two while it changes from one to the other. */
  readonly secretHashes: readonly string[];
  /** Its public keys, or where they are, when it authenticates with a signature. */
  readonly jwks: PublicKeys | undefined;
  readonly jwksUri: string | undefined;
  readonly grantTypes: readonly GrantType[];
  readonly registeredAt: number;
  /** A server that protects this resource too, and so may ask about every access token. RFC 7662 §4. */
  readonly isResourceServer?: boolean;
  /** It takes only tokens that are bound to a key of its own. RFC 9449 §5.2. */
  readonly dpopBoundAccessTokens?: boolean | undefined;
  /** What it may do for itself, if the operator made it a machine. RFC 6749 §4.4. */
  readonly machine?: Machine;
};

/** What a client may do that acts for itself: in which tenant, and at most with which scopes. */
type Machine = { readonly tenant: string; readonly scopes: readonly string[] };

/** How a client proves at the token endpoint that it is itself. RFC 7591 §2, RFC 7523 §2.2. */
export const authMethods = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;
export type AuthMethod = (typeof authMethods)[number];

/** Signatures that anyone can check, and that nobody but the client can make. RFC 8725 §3.1. */
export const assertionAlgorithms = ['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA'];

/** What a client may exchange for tokens on behalf of a person who approves it. RFC 6749 §4.1 and §6. */
export const grantTypes = ['authorization_code', 'refresh_token'] as const;

/** What it may exchange where nobody is asked: only what the operator has set up. RFC 6749 §4.4. */
export const machineGrantTypes = ['client_credentials', 'urn:ietf:params:oauth:grant-type:jwt-bearer'] as const;
export type GrantType = (typeof grantTypes)[number] | (typeof machineGrantTypes)[number];

/** What a client asks of a person, after every rule has passed. RFC 6749 §4.1.1. */
export type AuthorizationRequest = {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly scopes: readonly string[];
  readonly resource: string;
  readonly codeChallenge: string;
  /** The thumbprint of the key that alone may redeem the code. RFC 9449 §10. */
  readonly dpopJkt?: string | undefined;
};

/** Whom a grant acts for, within a tenant: a person, or what `principal.ts` tells from one. */
export type Principal = { readonly subject: string; readonly tenant: string };

/** A principal as they were when something was begun for them. What is made from that keeps it (`era.ts`). */
export type DatedPrincipal = Principal & { readonly era?: number | undefined };

/** The one-time proof that ends an authorization request. RFC 6749 §4.1.2. */
export type AuthorizationCode = DatedPrincipal & {
  readonly hash: string;
  /** The visit in which it was approved. */
  readonly visit?: string | undefined;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly resource: string;
  readonly codeChallenge: string;
  readonly dpopJkt?: string | undefined;
  /** The grant that the code gives when it is redeemed. */
  readonly grantId: string;
  readonly expiresAt: number;
  readonly usedAt: number | undefined;
};

/** By what a grant came about, if not by a code that a person approved. */
export type Means = 'client_credentials' | 'id-jag' | 'workload';

/** What a person or the operator allowed a client, and the refresh token that keeps it alive. */
export type Grant = DatedPrincipal & {
  readonly id: string;
  readonly means?: Means;
  /** The trust that it hangs on, and the era of that: while it is disabled the grant counts for nothing. */
  readonly trust?: { readonly id: string; readonly era: number | undefined } | undefined;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly resource: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | undefined;
  /** The thumbprint of the key that its tokens are bound to, if they are. RFC 9449 §5. */
  readonly jkt?: string | undefined;
  readonly ratchet: Ratchet;
};

/** The state of a refresh token family. It holds hashes and keys to hashes, so that it yields no token. */
export type Ratchet = {
  readonly generation: number;
  /** Keys the tags of all tokens of the family. */
  readonly tagKey: string;
  readonly hash: string;
  readonly previousHash: string | undefined;
  /** Turns the previous token's secret into the present one's. */
  readonly salt: string | undefined;
  readonly rotatedAt: number;
  /** The network that turned it last, keyed with the tag key, so that it says nothing beyond this grant. */
  readonly network?: string;
};
