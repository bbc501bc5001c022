import { DpopSession, withDpop } from '@modelcontextprotocol/client';
import type { Wire } from '../shared/wire.ts';

/** A key of doctor's own, and the tokens that are bound to it: those count only with a proof of the key. RFC 9449. */
export class Key {
  #session: Promise<DpopSession> | undefined;
  readonly #bound = new Set<string>();

  /** True if a token was given for a proof of this key, and is bound to it. */
  binds(token: string): boolean {
    return this.#bound.has(token);
  }

  /** Takes a token for one that is bound to this key, whatever key it is bound to. */
  take(token: string): void {
    this.#bound.add(token);
  }

  /** A wire that proves this key with each token that is bound to it, and wherever the server asks for a proof. */
  over(wire: Wire): Wire {
    return async (url, init) => {
      const [, token = ''] = /^Bearer (.+)$/.exec(new Headers(init?.headers).get('authorization') ?? '') ?? [];
      if (this.binds(token)) return withDpop(await this.#opened(), () => token)(wire)(url, init);
      const response = await wire(url, init);
      return asks.includes(await errorIn(response)) ? this.proving(wire)(url, init) : response;
    };
  }

  /** A wire that proves this key in each request for a token, asked or not. RFC 9449 §5, §8. */
  proving(wire: Wire): Wire {
    return async (url, init = {}) => {
      const session = await this.#opened();
      const send = async () => {
        const headers = new Headers(init.headers);
        headers.set('dpop', await session.buildProof({ htm: init.method ?? 'GET', htu: url }));
        const response = await wire(url, { ...init, headers });
        session.observeNonce(response, url);
        return response;
      };
      const first = await send();
      const response = (await errorIn(first)) === 'use_dpop_nonce' ? await send() : first;
      const { token_type, access_token } = await membersOf(response);
      if (String(token_type).toLowerCase() === 'dpop') this.take(String(access_token));
      return response;
    };
  }

  #opened(): Promise<DpopSession> {
    this.#session ??= DpopSession.create();
    return this.#session;
  }
}

/** What the token endpoint says to a request that lacks a proof, or its nonce. RFC 9449 §5, §8. */
const asks: readonly unknown[] = ['invalid_dpop_proof', 'use_dpop_nonce'];

async function errorIn(response: Response): Promise<unknown> {
  return response.status === 400 ? (await membersOf(response)).error : undefined;
}

/** The members of an answer, which can be read once more afterwards. */
async function membersOf(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const [read] = await Promise.allSettled([response.clone().json() as Promise<unknown>]);
  return read.status === 'fulfilled' && typeof read.value === 'object' ? { ...read.value } : {};
}
