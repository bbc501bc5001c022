import { connect } from '../../test/support/flow.ts';
import { post } from '../post.ts';
import type { HeldGrant } from './grants.ts';

type Kind = 'list_todos' | 'create_todo' | 'tools/list' | 'refresh' | 'sign-in';

/** Of a thousand requests. */
const mix: readonly (readonly [kind: Kind, share: number])[] = [
  ['list_todos', 650],
  ['create_todo', 150],
  ['tools/list', 95],
  ['refresh', 100],
  ['sign-in', 5],
];

/** What many callers do for a while, each one request after the other. */
export class Traffic {
  readonly failures: string[] = [];
  readonly done = new Map<Kind, number>();
  readonly #issuer: string;
  readonly #grants: readonly HeldGrant[];

  constructor(issuer: string, grants: readonly HeldGrant[]) {
    this.#issuer = issuer;
    this.#grants = grants;
  }

  /** How many calls of tools were answered. */
  get calls(): number {
    return (this.done.get('list_todos') ?? 0) + (this.done.get('create_todo') ?? 0);
  }

  async run({ callers, seconds }: { readonly callers: number; readonly seconds: number }): Promise<void> {
    const end = performance.now() + seconds * 1_000;
    const caller = async () => {
      while (performance.now() < end) await this.#request(kindOf(Math.random() * 1_000));
    };
    await Promise.all(Array.from({ length: callers }, caller));
  }

  async #request(kind: Kind): Promise<void> {
    const grant = this.#free();
    grant.isBusy = true;
    try {
      await this.#send(kind, grant);
      this.done.set(kind, (this.done.get(kind) ?? 0) + 1);
    } catch (error) {
      this.failures.push(`${kind}: ${String(error)}`);
    } finally {
      grant.isBusy = false;
    }
  }

  /** A client does one thing at a time with its tokens. */
  #free(): HeldGrant {
    const free = () => this.#grants[Math.floor(Math.random() * this.#grants.length)];
    for (let grant = free(); grant; grant = free()) if (!grant.isBusy) return grant;
    throw new Error('There are no grants');
  }

  async #send(kind: Kind, grant: HeldGrant): Promise<unknown> {
    if (kind === 'sign-in') return connect(this.#issuer);
    if (kind === 'refresh') return this.#refresh(grant);
    if (kind === 'tools/list') return this.#mcp(grant, 'tools/list', {});
    const args = kind === 'create_todo' ? { title: 'Buy milk' } : { limit: 10 };
    return this.#mcp(grant, 'tools/call', { name: kind, arguments: args });
  }

  #mcp({ accessToken }: HeldGrant, method: string, params: object): Promise<string> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    return post({ url: `${this.#issuer}/mcp`, token: accessToken, body });
  }

  async #refresh(grant: HeldGrant): Promise<void> {
    const { clientId, refreshToken } = grant;
    const form = { grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken };
    const type = 'application/x-www-form-urlencoded';
    const answer = await post({ url: `${this.#issuer}/token`, type, body: String(new URLSearchParams(form)) });
    const tokens = JSON.parse(answer) as { readonly access_token: string; readonly refresh_token: string };
    grant.accessToken = tokens.access_token;
    grant.refreshToken = tokens.refresh_token;
  }
}

function kindOf(drawn: number): Kind {
  let reached = 0;
  for (const [kind, share] of mix) {
    reached += share;
    if (drawn < reached) return kind;
  }
  return 'list_todos';
}
