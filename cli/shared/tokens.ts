import type { OAuthTokens } from '@modelcontextprotocol/client';
import * as z from 'zod/mini';

export const clientShape = z.object({ client_id: z.string(), client_secret: z.optional(z.string()) });
export const tokensShape = z.object({
  access_token: z.string(),
  refresh_token: z.optional(z.string()),
  scope: z.string(),
  expires_at: z.optional(z.number()),
});

/** Who a client is at one authorization server. RFC 7591 §3.2.1. */
export type ClientIdentity = z.output<typeof clientShape>;
/** What the token endpoint gave, with the time at which it ends. */
export type Tokens = z.output<typeof tokensShape>;

/** The tokens of an answer, for keeping. An answer that names no scope grants what was asked. RFC 6749 §5.1. */
export function tokensFrom({ access_token, refresh_token, scope, expires_in }: OAuthTokens, asked: string): Tokens {
  return {
    access_token,
    scope: scope ?? asked,
    ...(refresh_token && { refresh_token }),
    ...(expires_in !== undefined && { expires_at: nowSeconds() + expires_in }),
  };
}

/** The time of this machine, in epoch seconds. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
