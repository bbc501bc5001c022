import { callback, codeFor, type RegisteredClient, register, requestTokens, type Tokens } from './flow.ts';

/** A code that waits to be redeemed, and all that its client needs for it. */
export type Redemption = {
  readonly client: RegisteredClient;
  readonly code: string;
  readonly verifier: string;
};

type Changes = Readonly<Record<string, string | undefined>>;

/** Registers a client, and has a new person approve it. */
export async function newRedemption(
  issuer: string,
  metadata: object = {},
  options: Parameters<typeof codeFor>[2] = {},
): Promise<Redemption> {
  const client = await register(issuer, metadata);
  const { code, verifier } = await codeFor(issuer, client.client_id, options);
  return { client, code, verifier };
}

/** What a window's client has once its browser was sent back to it with a code. */
export function redemptionOf(
  { clientId, verifier }: { readonly clientId: string; readonly verifier: string },
  redirect: URL,
): Redemption {
  return { client: { client_id: clientId }, code: redirect.searchParams.get('code') ?? '', verifier };
}

/** Redeems a code as its client would, but for these changes. A parameter that is undefined is left out. */
export function redeem(
  issuer: string,
  { client, code, verifier }: Redemption,
  changes: Changes = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  const parameters = {
    grant_type: 'authorization_code',
    client_id: client.client_id,
    code,
    code_verifier: verifier,
    redirect_uri: callback,
    ...changes,
  };
  return requestTokens(issuer, given(parameters), headers);
}

/** Redeems a code, and throws if that gives no tokens. */
export async function redeemed(
  issuer: string,
  redemption: Redemption,
  changes: Changes = {},
  headers: Record<string, string> = {},
): Promise<Tokens> {
  return tokensIn(await redeem(issuer, redemption, changes, headers));
}

/** The tokens in an answer of the token endpoint. Throws when there are none. */
export async function tokensIn(response: Response): Promise<Tokens> {
  if (response.status !== 200) throw new Error(`No tokens: ${response.status} ${await response.text()}`);
  return (await response.json()) as Tokens;
}

/** What a refusal of an OAuth endpoint comes to: `400 invalid_grant`. */
export async function refusal(response: Response): Promise<string> {
  const { error } = (await response.json()) as { readonly error?: string };
  return `${response.status} ${error}`;
}

/** A header that has the server receive a request so much later. */
export function later(seconds: number): Record<string, string> {
  return { 'x-local-clock-offset': String(seconds) };
}

/** An Authorization header with a client's id and secret. RFC 6749 §2.3.1 has both form-encoded first. */
export function basic(id: string, secret: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}

/** The secret of a client that was given one. */
export function secretOf({ client_secret: secret }: RegisteredClient): string {
  if (!secret) throw new Error('The client has no secret');
  return secret;
}

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

function given(parameters: Changes): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
