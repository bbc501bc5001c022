import { randomBytes } from 'node:crypto';
import {
  computeScopeUnion,
  exchangeAuthorization,
  startAuthorization,
  validateAuthorizationResponseIssuer,
} from '@modelcontextprotocol/client';
import { type Callback, listenForCallback } from './callback.ts';
import type { Discovered } from './discovery.ts';
import { Failure } from './failure.ts';
import { register } from './registration.ts';
import { type ClientIdentity, type Tokens, tokensFrom } from './tokens.ts';
import type { Wire } from './wire.ts';

/** What a sign-in needs: the wire, a way to bring the person to a page, and how long to wait for them. */
export type Means = {
  readonly wire: Wire;
  readonly visit: (address: URL, redirectUri: string) => void | Promise<void>;
  /** Tells the person what goes on. */
  readonly tell: (line: string) => void;
  /** Notes what happened on the wire. */
  readonly note: (line: string) => void;
  readonly timeoutSeconds: number;
};

/** Whom to ask for what: as a client known from before, or one that registers now. */
export type Asked = {
  readonly server: Discovered;
  readonly client: ClientIdentity | undefined;
  readonly scope: string;
};

/** The authorization code flow with PKCE, from the registration to the tokens. OAuth 2.1 §4.1, RFC 8707 §2. */
export async function signIn(asked: Asked, means: Means): Promise<{ client: ClientIdentity; tokens: Tokens }> {
  const state = randomBytes(32).toString('base64url');
  const callback = await listenForCallback(state, means.note);
  try {
    const client = asked.client ?? (await register(asked.server, callback.redirectUri, means.wire));
    return { client, tokens: await authorize({ ...asked, client }, { state, callback }, means) };
  } finally {
    callback.close();
  }
}

async function authorize(
  { server, client, scope }: Asked & { readonly client: ClientIdentity },
  { state, callback }: { readonly state: string; readonly callback: Callback },
  { wire, visit, timeoutSeconds }: Means,
): Promise<Tokens> {
  const { metadata, resource, issuer } = server;
  const asked = withRefresh(scope, server);
  const { authorizationUrl, codeVerifier } = await startAuthorization(issuer, {
    metadata,
    clientInformation: client,
    redirectUrl: callback.redirectUri,
    state,
    resource,
    ...(asked && { scope: asked }),
  });
  await visit(authorizationUrl, callback.redirectUri);
  const answer = await callback.answer(timeoutSeconds);
  const tokens = await exchangeAuthorization(issuer, {
    metadata,
    clientInformation: client,
    codeVerifier,
    redirectUri: callback.redirectUri,
    resource,
    authorizationCode: codeIn(answer, server),
    fetchFn: wire,
    ...(answer.has('iss') && { iss: answer.get('iss') ?? '' }),
  });
  return tokensFrom(tokens, scope);
}

/** Some servers give a refresh token only to those who ask for it by this name. OpenID Connect Core §11. */
function withRefresh(scope: string, { metadata }: Discovered): string | undefined {
  const isListed = metadata.scopes_supported?.includes('offline_access') ?? false;
  return computeScopeUnion(scope, isListed && scope ? 'offline_access' : undefined);
}

/** The code of an answer that comes from the server that was asked. Its refusals count only then too. RFC 9207 §2.4. */
function codeIn(answer: URLSearchParams, { metadata, issuer }: Discovered): string {
  try {
    const issParameterSupported = metadata.authorization_response_iss_parameter_supported === true;
    validateAuthorizationResponseIssuer({
      iss: answer.get('iss') ?? undefined,
      expectedIssuer: issuer,
      issParameterSupported,
    });
  } catch {
    throw new Failure(
      `The answer came from ${answer.get('iss') ?? 'nobody who says so'}, not from ${issuer}: refused.`,
      3,
    );
  }
  const error = answer.get('error');
  if (error === 'access_denied') throw new Failure('You canceled the sign-in. Nothing was done.', 3);
  if (error) throw new Failure(`The sign-in failed: ${answer.get('error_description') ?? error}.`, 3);
  const code = answer.get('code');
  if (!code) throw new Failure('The sign-in returned no code.', 3);
  return code;
}
