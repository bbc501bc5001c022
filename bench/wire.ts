import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import type { Endpoints } from '../local/services/start.ts';

/** One call of an AWS service, as it went over the wire. */
export type WireCall = {
  readonly service: string;
  readonly operation: string;
  readonly request: string;
  readonly response: string;
  /** How many calls had begun or ended before it began, and before it ended. */
  readonly begin: number;
  readonly end: number;
};

/** What stands between the Lambdas and the services: passes every call on, and keeps it. */
export class Wire {
  readonly #calls: WireCall[] = [];
  #clock = 0;
  /** How long each call is held, so that those that are made together overlap. */
  heldMilliseconds = 0;
  /** Called before a call is passed on, and awaited. */
  before: (operation: string, request: string) => Promise<void> = async () => undefined;

  /** Puts itself between: gives the addresses to use instead. */
  readonly between = async (endpoints: Endpoints): Promise<Endpoints> => {
    const proxied = Object.entries(endpoints).map(async ([name, url]) => [name, await this.#proxy(name, url)] as const);
    return Object.fromEntries(await Promise.all(proxied)) as Endpoints;
  };

  /** The calls that were made during some work. */
  async callsDuring(work: () => Promise<unknown>): Promise<readonly WireCall[]> {
    this.#calls.length = 0;
    await work();
    return this.#calls.toSorted((one, other) => one.begin - other.begin);
  }

  async #proxy(name: string, target: string): Promise<string> {
    const service = name.replace('AWS_ENDPOINT_URL_', '');
    const server = createServer(async (incoming, outgoing) => {
      const request = await text(incoming);
      const { method = '', url = '/' } = incoming;
      const operation =
        String(incoming.headers['x-amz-target'] ?? url)
          .split('.')
          .at(-1) ?? '';
      this.#clock += 1;
      const begin = this.#clock;
      await wait(this.heldMilliseconds);
      await this.before(operation, request);
      const kept = ['x-amz-target', 'x-amz-date', 'authorization', 'content-type', 'x-amz-security-token'];
      const headers = kept.flatMap((header): [string, string][] => {
        const value = incoming.headers[header];
        return typeof value === 'string' ? [[header, value]] : [];
      });
      const answer = await fetch(new URL(url, target), { method, headers, ...(request && { body: request }) });
      const response = await answer.text();
      this.#clock += 1;
      // What the local runner sweeps is no call of a Lambda.
      if (operation !== 'Scan') this.#calls.push({ service, operation, request, response, begin, end: this.#clock });
      outgoing.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(response);
    });
    server.listen(0, '127.0.0.1').unref();
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
}
