import { randomUUID } from 'node:crypto';
import { callback } from './flow.ts';

/** What a client keeps between its steps. Has the members that both SDKs ask of an `OAuthClientProvider`. */
export class ClientMemory<Client, Tokens, Discovery> {
  readonly redirectUrl = callback;
  readonly clientMetadata = {
    client_name: 'Test client',
    redirect_uris: [callback],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  /** Where the client sent the person, one address for each time. */
  readonly authorizationUrls: URL[] = [];
  #client: Client | undefined;
  #tokens: Tokens | undefined;
  #discovery: Discovery | undefined;
  #verifier = '';

  /** Where the client sent the person last. Throws if it never did. */
  get authorizationUrl(): URL {
    const last = this.authorizationUrls.at(-1);
    if (!last) throw new Error('The client has not asked for authorization');
    return last;
  }

  state(): string {
    return randomUUID();
  }

  redirectToAuthorization(url: URL): void {
    this.authorizationUrls.push(url);
  }

  clientInformation(): Client | undefined {
    return this.#client;
  }

  saveClientInformation(client: Client): void {
    this.#client = client;
  }

  tokens(): Tokens | undefined {
    return this.#tokens;
  }

  saveTokens(tokens: Tokens): void {
    this.#tokens = tokens;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  discoveryState(): Discovery | undefined {
    return this.#discovery;
  }

  saveDiscoveryState(discovery: Discovery): void {
    this.#discovery = discovery;
  }

  invalidateCredentials(scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): void {
    if (scope === 'all' || scope === 'client') this.#client = undefined;
    if (scope === 'all' || scope === 'tokens') this.#tokens = undefined;
    if (scope === 'all' || scope === 'verifier') this.#verifier = '';
    if (scope === 'all' || scope === 'discovery') this.#discovery = undefined;
  }
}
