import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isLoopback } from '../../cli/shared/usage.ts';
import { wire } from '../../cli/shared/wire.ts';

describe('an address of this machine, RFC 6761 §6.3', () => {
  test.for([
    'http://localhost:3000',
    'http://abc123.execute-api.localhost:4566',
    'http://localhost./',
    'http://127.0.0.1',
    'http://127.1.2.3:80',
    'http://[::1]:3000',
  ])('is %s', (url) => {
    expect(isLoopback(new URL(url))).toBe(true);
  });

  test.for([
    'http://localhost.example.com',
    'http://notlocalhost',
    'http://127.0.0.1.example.com',
    'http://128.0.0.1',
    'http://example.com/localhost',
    'http://localhost@example.com',
  ])('is not %s', (url) => {
    expect(isLoopback(new URL(url))).toBe(false);
  });
});

test('a name below localhost needs no look-up, and reaches the server under its name', async () => {
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    const seen = { method, url, host: headers.host, type: headers['content-type'], body: await text(request) };
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.writeHead(url === '/none' ? 204 : 201).end(url === '/none' ? undefined : JSON.stringify(seen));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const host = `abc.execute-api.localhost:${(server.address() as AddressInfo).port}`;
  const body = new URLSearchParams({ a: 'b' });
  const answer = await wire(`http://${host}/token?x=1`, { method: 'POST', body });
  expect(answer.status).toBe(201);
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  const type = 'application/x-www-form-urlencoded;charset=UTF-8';
  expect(await answer.json()).toEqual({ method: 'POST', url: '/token?x=1', host, type, body: 'a=b' });
  expect((await wire(new URL(`http://${host}/none`))).status).toBe(204);
});
