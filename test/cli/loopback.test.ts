import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isLoopback } from '../../cli/shared/usage.ts';
import { wire } from '../../cli/shared/wire.ts';
import { type Certificate, newCertificate } from '../support/certificate.ts';

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

test.for(['http', 'https'])(
  'a name below localhost needs no look-up, and reaches the server under its name by %s',
  async (scheme) => {
    const answerTo: RequestListener = async (request, response) => {
      const { method, url, headers } = request;
      const seen = { method, url, host: headers.host, type: headers['content-type'], body: await text(request) };
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.writeHead(url === '/none' ? 204 : 201).end(url === '/none' ? undefined : JSON.stringify(seen));
    };
    const server = scheme === 'http' ? createServer(answerTo) : createTlsServer(await trusted(), answerTo);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const host = `abc.execute-api.localhost:${(server.address() as AddressInfo).port}`;
    const body = new URLSearchParams({ a: 'b' });
    const answer = await wire(`${scheme}://${host}/token?x=1`, { method: 'POST', body });
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    const type = 'application/x-www-form-urlencoded;charset=UTF-8';
    expect(await answer.json()).toEqual({ method: 'POST', url: '/token?x=1', host, type, body: 'a=b' });
    expect((await wire(new URL(`${scheme}://${host}/none`))).status).toBe(204);
  },
);

test('a name below localhost is only believed with a certificate', async () => {
  const certificate = await newCertificate({ name: '*.execute-api.localhost' });
  onTestFinished(certificate.remove);
  const server = createTlsServer(certificate).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  await expect(wire(`https://abc.execute-api.localhost:${port}`)).rejects.toThrow('self-signed certificate');
});

/** A certificate that this process trusts for the length of a test. */
async function trusted(): Promise<Certificate> {
  const certificate = await newCertificate({ name: '*.execute-api.localhost' });
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, certificate.cert]);
  onTestFinished(() => {
    setDefaultCACertificates(before);
    certificate.remove();
  });
  return certificate;
}
