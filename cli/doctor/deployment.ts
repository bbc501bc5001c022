import type { Tool } from '@modelcontextprotocol/client';
import type { Wire } from '../shared/wire.ts';
import { Fault, must, NotChecked } from './check.ts';
import { Key } from './key.ts';
import type { Options } from './options.ts';

/** An answer of the server, read to its end. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly text: string };

/** The members of a JSON object that a server sent. */
export type Members = Readonly<Record<string, unknown>>;

/** A registration of ours, and what shows that it is. RFC 7592 §3. */
export type Registration = { readonly clientId: string; readonly url: string; readonly token: string };

/** What a sign-in gave, and what has become of it since. */
export type Connection = {
  /** Every access token that it was given for all of its scopes. */
  readonly accessTokens: readonly [string, ...string[]];
  /** The newest refresh token, and the one that was spent for the first time. */
  readonly refreshToken: string;
  readonly spentToken?: string;
  /** What the person granted. */
  readonly scopes: readonly string[];
  readonly tools?: readonly Tool[];
  readonly isRevoked?: true;
};

/** What the MCP server answers, where the authorization server has a host of its own. */
const OF_MCP_SERVER =
  /^\/($|mcp(\/|$)|brand\/icon|favicon|\.well-known\/(oauth-protected-resource|ai-catalog|openai-apps-challenge|mcp-registry-auth))/;

/** How to speak to people and servers. */
export type Means = {
  readonly wire: Wire;
  /** Tells the person what goes on. */
  readonly tell: (line: string) => void;
  /** Notes what happened on the wire. */
  readonly note: (line: string) => void;
};

/** The server that is examined, and what the checks so far have found out that later ones build on. */
export class Deployment {
  readonly options: Options;
  readonly means: Means;
  readonly key = new Key();
  /** How requests go out: with proofs of the key, where the server asks for them. */
  readonly wire: Wire;
  #issuer: string;
  #mcpUrl: string;
  readonly #documents = new Map<string, Promise<Answer>>();
  #isGivenUp = false;
  registration: Registration | undefined;
  removedClientId: string | undefined;
  #connection: Connection | undefined;

  constructor(options: Options, means: Means) {
    this.options = options;
    this.means = means;
    this.wire = this.key.over(means.wire);
    this.#issuer = options.issuer;
    this.#mcpUrl = `${options.issuer}/mcp`;
  }

  /** The authorization server. */
  get issuer(): string {
    return this.#issuer;
  }

  get mcpUrl(): string {
    return this.#mcpUrl;
  }

  /** Where the MCP server is: with the authorization server, unless that has a host of its own. */
  get mcpOrigin(): string {
    return new URL(this.#mcpUrl).origin;
  }

  /** The host, or both. */
  get origins(): readonly string[] {
    return [...new Set([this.#issuer, this.mcpOrigin])];
  }

  /** Has each question go to the host that answers it. What one of them said of the other's business does not count. */
  isOnTwoHosts(issuer: string, mcpUrl: string): void {
    this.#issuer = issuer;
    this.#mcpUrl = mcpUrl;
    this.#documents.clear();
  }

  /** True if it is reached without TLS, which is only possible on this machine. */
  get isPlain(): boolean {
    return this.issuer.startsWith('http:');
  }

  /** True if it is the one that `npm start` runs. A name below `localhost` belongs to an emulator of AWS. */
  get isLocal(): boolean {
    return this.isPlain && !/\.localhost\.?$/.test(new URL(this.issuer).hostname);
  }

  /** The client to act as: the one that was named, else the one that registered. */
  get clientId(): string {
    const id = this.options.clientId ?? this.registration?.clientId;
    if (id === undefined) throw new NotChecked('needs a client: none could register, and --client-id names none');
    return id;
  }

  /** What the sign-in gave. */
  get connection(): Connection {
    if (!this.options.signsIn) throw new NotChecked('needs --sign-in');
    if (!this.#connection) throw new NotChecked('needs the sign-in');
    return this.#connection;
  }

  /** True if what the sign-in gave is bound to doctor's key. */
  get isBound(): boolean {
    return this.#connection !== undefined && this.key.binds(this.#connection.accessTokens[0]);
  }

  set connection(connection: Connection) {
    this.#connection = connection;
  }

  /** Nothing more is asked of a server that cannot be reached at all. */
  giveUp(): void {
    this.#isGivenUp = true;
  }

  /** Where a path is. */
  urlOf(path: string): URL {
    return new URL(path, OF_MCP_SERVER.test(path) ? this.#mcpUrl : this.#issuer);
  }

  /** Sends one request and follows no redirect. The path may be a whole URL. */
  async request(path: string, init: RequestInit = {}, wire = this.wire): Promise<Answer> {
    if (this.#isGivenUp) throw new NotChecked('needs a server that answers');
    // The check ends first, and says so.
    const signal = AbortSignal.timeout((this.options.limitSeconds + 1) * 1_000);
    const response = await wire(this.urlOf(path), { redirect: 'manual', signal, ...init });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Posts a form, as OAuth's endpoints take it. */
  post(path: string, parameters: Readonly<Record<string, string>>, wire = this.wire): Promise<Answer> {
    return this.request(path, { method: 'POST', body: new URLSearchParams(parameters) }, wire);
  }

  /** Posts one JSON-RPC message to the MCP endpoint, in the form of the 2025 revisions. */
  ask(method: string, params: object, headers: Readonly<Record<string, string>> = {}, path = '/mcp'): Promise<Answer> {
    return this.request(path, message(method, params, headers));
  }

  /** The answer to a GET, asked for once. */
  read(path: string): Promise<Answer> {
    const answer = this.#documents.get(path) ?? this.request(path);
    this.#documents.set(path, answer);
    return answer;
  }

  /** What a document says, for checks of what is in it. That it is there at all is another check's business. */
  async document(path: string): Promise<Members> {
    const answer = await this.read(path).catch(() => undefined);
    const members = answer?.status === 200 ? membersIn(answer.text) : undefined;
    if (!members) throw new NotChecked(`needs ${path}`);
    return members;
  }
}

/** A request with one JSON-RPC message. */
export function message(method: string, params: object, headers: Readonly<Record<string, string>>): RequestInit {
  const accepted = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  return { method: 'POST', headers: { ...accepted, ...headers }, body };
}

/** The JSON object that an answer holds. Throws a fault when it is anything else. */
export function json({ headers, text }: Answer): Members {
  const type = headers.get('content-type');
  must(/^application\/json\b/.test(type ?? ''), `the content type is ${type ?? 'missing'}, not application/json`);
  const members = membersIn(text);
  if (!members) throw new Fault('the body is no JSON object');
  return members;
}

/** The names in a member that is a list of names. */
export function names(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function membersIn(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
