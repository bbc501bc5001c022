import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { unauthorized } from '#core/http/unauthorized.ts';
import { mcpUrl } from '#core/issuer.ts';
import type { AccessToken } from '#core/oauth/access-token.ts';
import type { ShownToken } from '#core/oauth/challenge.ts';
import { ProofRefused, type ProvenKey, provenKey } from '#core/proof.ts';
import { needsDpop } from '#generated';

/** Clients write the address of the MCP endpoint with a slash at its end, too. */
const urls = [mcpUrl, `${mcpUrl}/`] as const;

type Binding = { readonly key: ProvenKey | undefined } | { readonly refusal: Response };

/**
 * Accepts a token that is bound to a key only with a proof of that key, and any other token only without one. So a stolen
 * bound token is useless, under either scheme. RFC 9449 §7.1, §7.2.
 */
export async function bindingOf(
  { scheme, token }: ShownToken,
  { jkt }: AccessToken,
  request: Request,
): Promise<Binding> {
  if (jkt === undefined && needsDpop) return unbound('This server');
  if (scheme === 'Bearer')
    return jkt === undefined
      ? { key: undefined }
      : refused('The access token is bound to a key: send it as DPoP with a proof');
  if (jkt === undefined) return refused('The access token is bound to no key: send it as Bearer');
  try {
    const key = await provenKey(request, { urls, accessToken: token });
    if (key?.jkt === jkt) return { key };
    const what = key ? 'The DPoP proof is of another key than the access token' : 'A DPoP proof is required';
    return refused(what, { error: 'invalid_dpop_proof', nonce: key?.nonce });
  } catch (error) {
    if (!(error instanceof ProofRefused)) throw error;
    return unproven(error);
  }
}

/** The refusal of a proof at the MCP endpoint. */
export function unproven({ code, message, nonce }: ProofRefused): { readonly refusal: Response } {
  return refused(message, { error: code === 'use_dpop_nonce' ? code : 'invalid_dpop_proof', nonce });
}

/** The refusal of a token that is bound to no key, where no other is taken. */
export function unbound(whose: string): { readonly refusal: Response } {
  return refused(`${whose} takes only access tokens that are bound to a key: ask for one with a DPoP proof`);
}

function refused(description: string, how: Parameters<typeof unauthorized>[1] = {}): { readonly refusal: Response } {
  return { refusal: unauthorized(description, { scheme: 'DPoP', ...how }) };
}
