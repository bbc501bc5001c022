import { computeScopeUnion } from '@modelcontextprotocol/client';
import { type Discovered, discover } from '../shared/discovery.ts';
import { Failure } from '../shared/failure.ts';
import { Challenge } from '../shared/mcp.ts';
import { type Asked, type Means, signIn } from '../shared/sign-in.ts';
import type { Tokens } from '../shared/tokens.ts';
import type { Connection, TokenStore } from './token-store.ts';
import { hasExpired, isOAuthError, refreshed, revoke } from './tokens.ts';

type Setup = Means & { readonly url: URL; readonly store: TokenStore; readonly scope: string | undefined };
type Remedy = 'refresh' | 'sign-in' | 'step-up';

/** Access to one MCP server: finds a token that does, by whatever it takes, and gives it up again. */
export class Access {
  readonly #setup: Setup;

  constructor(setup: Setup) {
    this.#setup = setup;
  }

  /** Makes a call, and does what the server asks for until it answers: refresh, sign in, step up, each at most once. */
  async use<T>(call: (token: string | undefined) => Promise<T>): Promise<T> {
    const tried = new Set<Remedy>();
    for (let tokens = await this.#stored(); ; ) {
      try {
        return await call(tokens?.access_token);
      } catch (error) {
        if (!(error instanceof Challenge)) throw error;
        const remedy = remedyFor(error, tokens, tried);
        tried.add(remedy);
        tokens = remedy === 'refresh' ? await this.#refresh(tokens) : await this.#signIn(error, tokens);
      }
    }
  }

  /** Forgets the tokens with the registration, and revokes them. True if there were any. RFC 7009 §2. */
  async end(): Promise<boolean> {
    const { url, store, wire, tell } = this.#setup;
    const connection = await store.read();
    if (!connection) return false;
    await store.update(async () => undefined);
    try {
      await revoke(connection, await discover(url, metadataUrlOf(connection), wire), wire);
    } catch (error) {
      tell('The tokens are forgotten here, but the server was not told.');
      throw error;
    }
    return true;
  }

  async #stored(): Promise<Tokens | undefined> {
    const tokens = (await this.#setup.store.read())?.tokens;
    return tokens && hasExpired(tokens) ? await this.#refresh(tokens) : tokens;
  }

  /** The new tokens are in the file before anything uses them. Another run may have put them there meanwhile. */
  async #refresh(refused: Tokens | undefined): Promise<Tokens | undefined> {
    const { url, store, wire } = this.#setup;
    const connection = await store.update(async (current) => {
      if (!current?.tokens || current.tokens.access_token !== refused?.access_token) return current;
      return refreshed(current, await discover(url, metadataUrlOf(current), wire), wire);
    });
    return connection?.tokens;
  }

  /** A person who had granted something is asked for all of it again, with what is missing. MCP 2026-07-28, Step-Up. */
  async #signIn({ status, scope, metadataUrl }: Challenge, tokens: Tokens | undefined): Promise<Tokens> {
    const { url, store, wire, tell } = this.#setup;
    const server = await discover(url, metadataUrl, wire);
    const known = await store.read();
    const wanted = this.#setup.scope ?? scope ?? server.scopes?.join(' ') ?? '';
    const union = computeScopeUnion(tokens?.scope, scope) ?? '';
    if (status === 403)
      tell(`The call needs ${missing(scope, tokens)}, which was not granted; signing in to ask for it.`);
    const client = known?.issuer === server.issuer ? known.client : undefined;
    const gained = await this.#signInAs({ server, client, scope: status === 403 ? union : wanted });
    const resource_metadata = metadataUrl && { resource_metadata: metadataUrl.href };
    await store.update(async (replaced) => {
      await this.#abandon(replaced, server);
      return { issuer: server.issuer, ...gained, ...resource_metadata };
    });
    return gained.tokens;
  }

  /** A grant that is replaced would live on with nobody to use it. That it cannot be ended now is no reason to stop. */
  async #abandon(replaced: Connection | undefined, server: Discovered): Promise<void> {
    if (replaced?.issuer !== server.issuer) return;
    await revoke(replaced, server, this.#setup.wire).catch(() => undefined);
  }

  /** A client that the server has forgotten registers again. RFC 6749 §5.2, `invalid_client`. */
  async #signInAs(asked: Asked) {
    try {
      return await signIn(asked, this.#setup);
    } catch (error) {
      if (!asked.client || !isOAuthError(error, 'invalid_client')) throw error;
      this.#setup.tell('The server no longer knows this client; registering again.');
      return await signIn({ ...asked, client: undefined }, this.#setup);
    }
  }
}

function remedyFor(challenge: Challenge, tokens: Tokens | undefined, tried: ReadonlySet<Remedy>): Remedy {
  if (challenge.status === 403) {
    if (!tried.has('step-up')) return 'step-up';
    throw new Failure(`The call needs ${missing(challenge.scope, tokens)}, which was not granted.`);
  }
  if (tokens?.refresh_token && !tried.has('refresh')) return 'refresh';
  if (!tried.has('sign-in')) return 'sign-in';
  throw new Failure('The server rejected the token it just issued.');
}

function missing(needed: string | undefined, tokens: Tokens | undefined): string {
  const granted = tokens?.scope.split(' ') ?? [];
  const lacking = (needed?.split(' ') ?? []).filter((scope) => !granted.includes(scope));
  return lacking.join(' and ') || 'another scope';
}

function metadataUrlOf({ resource_metadata }: Connection): URL | undefined {
  return resource_metadata === undefined ? undefined : new URL(resource_metadata);
}
