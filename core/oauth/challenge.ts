import { proofAlgorithms } from './dpop.ts';

type Challenge = {
  /** How the client has to show its next token. */
  readonly scheme?: Scheme;
  readonly resourceMetadata: string;
  readonly scopes: readonly string[];
  readonly error?: 'invalid_token' | 'insufficient_scope' | 'invalid_dpop_proof' | 'use_dpop_nonce';
  readonly description?: string;
};

/** How an access token is shown: as it is, or with a proof that its key is held. RFC 6750 §2.1, RFC 9449 §7.1. */
export type Scheme = 'Bearer' | 'DPoP';

const algorithms = `algs="${proofAlgorithms.join(' ')}"`;

/**
 * The challenge of the MCP endpoint: where to learn how to sign in, and for what.
 * A request that carried no token gets no error code. RFC 6750 §3, RFC 9728 §5.1, RFC 9449 §7.1.
 */
export function challengeOf({ scheme = 'Bearer', resourceMetadata, scopes, error, description }: Challenge): string {
  const parameters = [
    error && `error="${error}"`,
    description && `error_description="${description}"`,
    scheme === 'DPoP' && algorithms,
    `scope="${scopes.join(' ')}"`,
    `resource_metadata="${resourceMetadata}"`,
  ];
  return `${scheme} ${parameters.filter(Boolean).join(', ')}`;
}

/** A challenge for a bearer token, as it is for one that is bound to a key. RFC 9449 §7.1. */
export function asDpopChallenge(challenge: string): string {
  return `${challenge.replace(/^Bearer\b/, 'DPoP')}, ${algorithms}`;
}

/** What a bearer Authorization header holds, whatever that is: only a header of another scheme holds no token. RFC 6750 §2.1. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +([^ ].*)$/i.exec(authorization ?? '')?.[1];
}

/** The access token that a request shows, and how. RFC 6750 §2.1, RFC 9449 §7.1. */
export type ShownToken = { readonly scheme: Scheme; readonly token: string };

/** Reads the access token in an Authorization header, if it is of either scheme. Clients that add the scheme to it name it twice. */
export function shownToken(authorization: string | undefined): ShownToken | undefined {
  const [, scheme = '', token] = /^(Bearer|DPoP) +(?:\1 +)?([^ ].*)$/i.exec(authorization ?? '') ?? [];
  return token === undefined ? undefined : { scheme: scheme.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer', token };
}
