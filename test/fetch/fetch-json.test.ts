import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fetchJson } from '#core/fetch/fetch-json.ts';

const lookups = vi.hoisted(() => ({ names: [] as string[], addresses: [] as string[] }));
vi.mock('node:dns/promises', () => ({
  lookup: async (name: string) => {
    lookups.names.push(name);
    return lookups.addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  },
}));

let server: Server;
let requests: string[];
let answer: RequestListener;
const json = { 'content-type': 'application/json', 'cache-control': 'max-age=300' };

beforeEach(async () => {
  lookups.names.length = 0;
  lookups.addresses = ['127.0.0.1'];
  requests = [];
  answer = (_, response) => response.writeHead(200, json).end('{"a":1}');
  server = createServer((request, response) => {
    requests.push(`${request.headers.host}${request.url}`);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function url(host = 'client.example', path = '/metadata.json'): URL {
  return new URL(`http://${host}:${(server.address() as AddressInfo).port}${path}`);
}

describe('fetching from an address that a stranger chose, Client ID Metadata Document §6', () => {
  test('gives JSON and its cache header', async () => {
    expect(await fetchJson(url(), true)).toEqual({ ok: true, value: { a: 1 }, cacheControl: 'max-age=300' });
  });

  test('takes JSON of a structured type', async () => {
    answer = (_, response) =>
      response.writeHead(200, { 'content-type': 'application/jwk-set+json; charset=utf-8' }).end('{}');
    expect(await fetchJson(url(), true)).toMatchObject({ ok: true });
  });

  test('looks a name up once, and connects to just the address that was checked', async () => {
    await fetchJson(url('rebinding.example'), true);
    expect(lookups.names).toEqual(['rebinding.example']);
    expect(requests).toEqual([`${url('rebinding.example').host}/metadata.json`]);
  });

  test.for([
    ['an address of IPv6, to which a Lambda has no way', ['2001:db8::1', '127.0.0.1']],
    ['one at which nobody listens', ['127.0.0.2', '127.0.0.1']],
    ['two', ['::1', '127.0.0.3', '127.0.0.1']],
  ])('goes on to the next address after %s', async ([, addresses]) => {
    lookups.addresses = addresses as string[];
    expect(await fetchJson(url(), true)).toMatchObject({ ok: true });
    expect(requests).toHaveLength(1);
  });

  test('asks again at no other address once it has been heard', async () => {
    lookups.addresses = ['127.0.0.1', '127.0.0.1'];
    answer = (_, response) => response.destroy();
    expect(await fetchJson(url(), true)).toMatchObject({ ok: false });
    expect(requests).toHaveLength(1);
  });

  test.for([
    ['a private address', ['127.0.0.1']],
    ['a private address among public ones', ['8.8.8.8', '10.0.0.1']],
    ['a mapped address', ['::ffff:127.0.0.1']],
    ['no address', []],
  ])('makes no connection to %s', async ([, addresses]) => {
    lookups.addresses = addresses as string[];
    expect(await fetchJson(url(), false)).toMatchObject({ ok: false });
    expect(requests).toEqual([]);
  });

  test.for(['127.0.0.1', '127.1', '2130706433', '0x7f.1'])(
    'knows the private address %s in the URL itself',
    async (host) => {
      expect(await fetchJson(url(host), false)).toMatchObject({ ok: false });
      expect(requests).toEqual([]);
    },
  );

  test('follows no redirect', async () => {
    answer = (_, response) => response.writeHead(302, { location: '/other.json' }).end();
    expect(await fetchJson(url(), true)).toMatchObject({ ok: false });
    expect(requests).toHaveLength(1);
  });

  test.for<[string, RequestListener]>([
    ['another status', (_, response) => response.writeHead(404, json).end('{}')],
    ['a page', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('{}')],
    ['no content type', (_, response) => response.writeHead(200).end('{}')],
    ['what is no JSON', (_, response) => response.writeHead(200, json).end('{')],
    ['what is no UTF-8', (_, response) => response.writeHead(200, json).end(Buffer.from([0x22, 0xff, 0x22]))],
    ['a body over 5 KB', (_, response) => response.writeHead(200, json).end(JSON.stringify('a'.repeat(5_200)))],
    [
      'a body without end',
      (_, response) => {
        response.writeHead(200, json);
        const flood = () => {
          while (response.write('a'.repeat(1_000)));
          response.once('drain', flood);
        };
        flood();
      },
    ],
    [
      'a broken connection',
      (_, response) => {
        response.writeHead(200, { ...json, 'content-length': '100' });
        response.write('{');
        setImmediate(() => response.destroy());
      },
    ],
  ])('refuses %s', async ([, listener]) => {
    answer = listener;
    expect(await fetchJson(url(), true)).toMatchObject({ ok: false });
  });

  test('gives up on a server that sends a byte now and then', async () => {
    const dripping = new Set<NodeJS.Timeout>();
    answer = (_, response) => {
      response.writeHead(200, json);
      dripping.add(setInterval(() => response.write(' '), 200));
    };
    expect(await fetchJson(url(), true)).toMatchObject({ ok: false });
    for (const timer of dripping) clearInterval(timer);
  });
});
