import { usesDpopNonces } from '#generated';
import type { Request } from './http/request.ts';
import { OAuthError } from './oauth/error.ts';
import { takeProof } from './store/assertions.ts';
import { hidden } from './store/hidden.ts';

const NONCE_SECONDS = 300;

/** A key that the sender of a request has proved to hold. RFC 9449 §4.3. */
export type ProvenKey = {
  readonly jkt: string;
  /** Takes the proof. False if it was used before. However often it is asked, it is taken once. */
  readonly take: () => Promise<boolean>;
  /** The nonce for the next proof, where nonces are asked for. */
  readonly nonce: string | undefined;
};

/** The refusal of a proof, with the nonce for the next one. RFC 9449 §5, §8. */
export class ProofRefused extends OAuthError {
  readonly nonce: string | undefined;

  constructor(code: 'invalid_dpop_proof' | 'use_dpop_nonce', description: string, nonce?: string) {
    super(code, description);
    this.nonce = nonce;
  }
}

type Endpoint = {
  /** The addresses of the endpoint as this server calls them, whatever host the request names. */
  readonly urls: readonly [string, ...string[]];
  readonly accessToken?: string;
};

/** The key that a request proves to hold, if it brings a proof. Throws `invalid_dpop_proof` or `use_dpop_nonce`. RFC 9449 §4.3. */
export async function provenKey(request: Request, endpoint: Endpoint): Promise<ProvenKey | undefined> {
  const { headers, method, now } = request;
  if (headers.dpop === undefined) return undefined;
  const nonces = usesDpopNonces ? await noncesAt(now) : undefined;
  const nonce = nonces?.[0];
  const { verifyProof } = await import('#later/dpop-proof');
  const proof = await verifyProof(headers.dpop, { ...endpoint, method, nonces, now });
  if ('code' in proof) throw new ProofRefused(proof.code, proof.description, nonce);
  let taken: Promise<boolean> | undefined;
  const take = () => {
    taken ??= takeProof(proof);
    return taken;
  };
  return { jkt: proof.jkt, take, nonce };
}

/** The nonce for now, and the one before it, which some were given a moment ago. They follow from the time. RFC 9449 §8. */
function noncesAt(now: number): Promise<readonly string[]> {
  const period = Math.floor(now / NONCE_SECONDS);
  return Promise.all([period, period - 1].map((one) => hidden('nonce', String(one))));
}

/** The refusal of a proof that was used before. RFC 9449 §11.1. */
export function usedProof({ nonce }: Pick<ProvenKey, 'nonce'>): ProofRefused {
  return new ProofRefused('invalid_dpop_proof', 'The DPoP proof was used before: make one for each request', nonce);
}

/** Tells the client the nonce for its next proof, if there is one. RFC 9449 §8.2. */
export function nonceHeader(nonce: string | undefined): Readonly<Record<string, string>> {
  return nonce === undefined ? {} : { 'dpop-nonce': nonce };
}
