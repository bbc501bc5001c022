import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Gateway } from '../../local/gateway.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { echo, writeAssembly } from './fixture.ts';

const challenge = {
  ResponseParameters: [{ Destination: 'overwrite:header.WWW-Authenticate', Source: '$response.header.x-challenge' }],
};

/** Returns whatever JSON the body of the request holds. */
const answering = 'exports.handler = async (event) => JSON.parse(event.body);';

let stack: RunningStack;

beforeAll(async () => {
  const assembly = writeAssembly({
    Echo: { source: echo, routes: ['$default', 'GET /pets/{id}', 'ANY /files/{path+}'] },
    Answering: {
      source: answering,
      routes: ['POST /answer'],
      integration: { ResponseParameters: { 401: challenge, 403: challenge } },
    },
    Head: {
      source: "exports.handler = async () => ({ statusCode: 200, headers: { 'x-a': 'b' }, body: 'not sent' });",
      routes: ['HEAD /head'],
    },
    Slow: {
      source: 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));',
      routes: ['GET /slow'],
      integration: { TimeoutInMillis: 100 },
    },
  });
  stack = await startStack({ env: { ASSEMBLY_DIR: assembly } });
});
afterAll(() => stack?.stop());

async function raw(request: string): Promise<string> {
  const socket = connect(Number(new URL(stack.issuer).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(request);
  return text(socket);
}

/** The event that the Lambda got for a request written by hand. */
async function eventOf(...lines: string[]) {
  const [requestLine, ...headers] = lines;
  const answer = await raw(
    [`${requestLine} HTTP/1.1`, 'Host: example.com:1', 'Connection: close', ...headers, '', ''].join('\r\n'),
  );
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
}

async function answer(returned: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${stack.issuer}/answer`, { method: 'POST', headers, body: JSON.stringify(returned) });
}

describe('events, payload format 2.0', () => {
  test('hold the whole request and nothing that was not sent', async () => {
    const event = await eventOf('GET /pets/7?a=1&b=x%20y', 'User-Agent: Tester/1', 'Accept: */*');
    const { requestContext, headers, ...rest } = event;
    expect(rest).toEqual({
      version: '2.0',
      routeKey: 'GET /pets/{id}',
      rawPath: '/pets/7',
      rawQueryString: 'a=1&b=x%20y',
      queryStringParameters: { a: '1', b: 'x y' },
      pathParameters: { id: '7' },
      isBase64Encoded: false,
    });
    const { requestId, time, timeEpoch, ...context } = requestContext;
    expect(context).toEqual({
      accountId: '000000000000',
      apiId: 'local',
      domainName: 'example.com',
      domainPrefix: 'example',
      http: { method: 'GET', path: '/pets/7', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'Tester/1' },
      routeKey: 'GET /pets/{id}',
      stage: '$default',
    });
    expect(requestId).toMatch(/^[\w+/]{15}=$/);
    expect(time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    expect(Math.abs(Date.now() - timeEpoch)).toBeLessThan(60_000);
    expect(headers).toMatchObject({
      accept: '*/*',
      'content-length': '0',
      host: 'example.com:1',
      'user-agent': 'Tester/1',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': new URL(stack.issuer).port,
      'x-forwarded-proto': 'http',
    });
    expect(headers).not.toHaveProperty('connection');
  });

  test('join repeated headers and query parameters with commas', async () => {
    const event = await eventOf('GET /x?a=1&a=2&b=%2C', 'X-Many: one', 'x-many: two', 'Accept: a', 'Accept: b');
    expect(event.headers).toMatchObject({ 'x-many': 'one,two', accept: 'a,b' });
    expect(event.queryStringParameters).toEqual({ a: '1,2', b: ',' });
  });

  test('list cookies one by one, outside the headers', async () => {
    const event = await eventOf('GET /x', 'Cookie: a=1; b=2,d=4', 'Cookie: c=3');
    expect(event.cookies).toEqual(['a=1', 'b=2,d=4', 'c=3']);
    expect(event.headers).not.toHaveProperty('cookie');
  });

  test.for([
    ['/files/a%20b', '/files/a b', 'a b'],
    ['/files/a%2Fb', '/files/a/b', 'a/b'],
    ['/files/a%252Fb', '/files/a%2Fb', 'a%2Fb'],
    ['/files/a+b', '/files/a+b', 'a+b'],
    ['/files/a/', '/files/a/', 'a/'],
    ['/files/%C3%A4', '/files/ä', 'ä'],
    ['/files/a%3Fb', '/files/a', 'a'],
  ])('decode the path %s once', async ([path, rawPath, greedy]) => {
    expect(await eventOf(`GET ${path}`)).toMatchObject({ rawPath, pathParameters: { path: greedy } });
  });

  test.for([
    ['application/json', '{"a":"ä"}', false],
    ['text/plain; charset=utf-8', 'text', false],
    ['application/x-www-form-urlencoded', 'a=b', true],
    ['application/octet-stream', '\u0000\u00ff', true],
  ] as const)('encode a body of type %s as API Gateway does', async ([type, sent, isBase64Encoded]) => {
    const response = await fetch(`${stack.issuer}/x`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: sent,
    });
    const event = (await response.json()) as { body: string; isBase64Encoded: boolean };
    expect(event.isBase64Encoded).toBe(isBase64Encoded);
    expect(Buffer.from(event.body, isBase64Encoded ? 'base64' : 'utf8').toString()).toBe(sent);
  });

  test('have no body when none was sent', async () => {
    expect(await eventOf('POST /x', 'Content-Length: 0', 'Content-Type: text/plain')).not.toHaveProperty('body');
  });

  test('take the source address and the clock from the local headers, and hide these', async () => {
    const day = 24 * 60 * 60;
    const event = await eventOf('GET /x', 'X-Local-Source-Ip: 203.0.113.9', `X-Local-Clock-Offset: ${day}`);
    expect(event.requestContext.http.sourceIp).toBe('203.0.113.9');
    expect(event.headers['x-forwarded-for']).toBe('203.0.113.9');
    expect(Math.abs(Date.now() + day * 1_000 - event.requestContext.timeEpoch)).toBeLessThan(60_000);
    expect(Object.keys(event.headers).filter((name) => name.startsWith('x-local'))).toEqual([]);
    const tomorrow = new Date(event.requestContext.timeEpoch).getUTCDate();
    expect(Number(event.requestContext.time.slice(0, 2))).toBe(tomorrow);
  });
});

describe('a clock that is off by a part of a millisecond', () => {
  test('still counts whole ones', async () => {
    const { requestContext } = await eventOf('GET /x', 'X-Local-Clock-Offset: 0.12345');
    expect(Number.isInteger(requestContext.timeEpoch)).toBe(true);
  });
});

describe('answers of a Lambda', () => {
  test('carry status, headers, cookies and body', async () => {
    const headers = { 'content-type': 'text/html', 'X-Number': 7 };
    const response = await answer({ statusCode: 201, headers, cookies: ['a=1; Path=/', 'b=2'], body: '<p>' });
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('text/html');
    expect(response.headers.get('x-number')).toBe('7');
    expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2']);
    expect(await response.text()).toBe('<p>');
  });

  test('decode a base64 body', async () => {
    const response = await answer({ statusCode: 200, body: 'AP8=', isBase64Encoded: true });
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255]);
  });

  test.for([
    [{ a: 1 }, '{"a":1}'],
    ['bare', 'bare'],
    [null, 'null'],
    [[1], '[1]'],
  ] as const)('without a status are the JSON body of a 200: %j', async ([returned, body]) => {
    const response = await answer(returned);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe(body);
  });

  test('lose the body for HEAD', async () => {
    const response = await fetch(`${stack.issuer}/head`, { method: 'HEAD' });
    expect(response.headers.get('x-a')).toBe('b');
    expect(await response.text()).toBe('');
  });

  test.for([
    { statusCode: 'many' },
    { statusCode: 99 },
    { statusCode: 200, body: { a: 1 } },
    { statusCode: 200, headers: { a: {} } },
    { statusCode: 200, headers: [] },
    { statusCode: 200, cookies: 'a=1' },
    { statusCode: 200, headers: { 'x-a': 'line\nbreak' } },
    { statusCode: 200, headers: { 'not a name': 'x' } },
    { statusCode: 200, cookies: ['a=1\r\nx: y'] },
  ])('that are malformed become 500: %j', async (returned) => {
    const response = await answer(returned);
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('{"message":"Internal Server Error"}');
    expect((await answer({ statusCode: 204 })).status).toBe(204);
  });

  test('have WWW-Authenticate renamed, and restored by the mapping on 401 and 403 alone', async () => {
    const headers = { 'WWW-Authenticate': 'Bearer own', 'X-Challenge': 'Bearer mapped' };
    for (const statusCode of [401, 403]) {
      const response = await answer({ statusCode, headers });
      expect(response.headers.get('www-authenticate')).toBe('Bearer mapped');
      expect(response.headers.get('x-amzn-remapped-www-authenticate')).toBe('Bearer own');
    }
    const response = await answer({ statusCode: 400, headers });
    expect(response.headers.has('www-authenticate')).toBe(false);
    expect(response.headers.get('x-amzn-remapped-www-authenticate')).toBe('Bearer own');
  });

  test('are not mapped when the source header is missing', async () => {
    const response = await answer({ statusCode: 401, headers: { 'www-authenticate': 'Bearer own' } });
    expect(response.headers.has('www-authenticate')).toBe(false);
  });

  test('that come too late are 503', async () => {
    const response = await fetch(`${stack.issuer}/slow`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ message: 'Service Unavailable' });
  });
});

describe('limits', () => {
  const megabytes = (count: number) => 'x'.repeat(count * 1024 * 1024);
  const post = (body: string) =>
    fetch(`${stack.issuer}/x`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body });

  test('let a body of 5 MB pass and refuse one of more than 10 MB', async () => {
    expect((await post(megabytes(5))).status).toBe(200);
    const refused = await post(`${megabytes(10)}x`);
    expect(refused.status).toBe(413);
    expect(await refused.json()).toEqual({ message: 'Request Entity Too Large' });
  });

  test('refuse a body of unknown length that turns out to be too large', async () => {
    const chunk = `100000\r\n${megabytes(1)}\r\n`;
    const head = 'POST /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await raw(`${head}${chunk.repeat(11)}0\r\n\r\n`)).toMatch(/^HTTP\/1.1 413 /);
  });

  test('count the request line and the header values', async () => {
    const fits = 10_240 - 'GET / HTTP/1.1'.length - 'xclose'.length;
    const request = (size: number) =>
      raw(`GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Big: ${'a'.repeat(size)}\r\n\r\n`);
    expect(await request(fits)).toMatch(/^HTTP\/1.1 200 /);
    for (const size of [fits + 1, 100_000]) {
      const refused = await request(size);
      expect(refused).toMatch(/^HTTP\/1.1 431 /);
      expect(refused).toContain('{"message":"Request Header Fields Too Large"}');
    }
  });

  test.for(['nonsense\r\n\r\n', 'GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'])(
    'refuse %j',
    async (request) => {
      const refused = await raw(request);
      expect(refused).toMatch(/^HTTP\/1.1 400 /);
      expect(refused).toContain('{"message":"Bad Request"}');
    },
  );

  test('survive a client that leaves in the middle', async () => {
    const socket = connect(Number(new URL(stack.issuer).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345');
    socket.destroy();
    expect((await post('fine')).status).toBe(200);
  });
});

test('until there is a stack to serve, every path is told to come back', async () => {
  const gateway = await Gateway.open(0);
  const at = `http://localhost:${gateway.port}`;
  for (const path of ['/healthz', '/', '/mcp', '/local/mailbox', '/local/outputs', '/.well-known/jwks.json', '/%zz']) {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const body = method === 'POST' ? '{}' : null;
      const response = await fetch(`${at}${path}`, { method, body });
      expect(response.status, `${method} ${path}`).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await response.json()).toEqual({ message: 'Service Unavailable' });
    }
  }
  gateway.close();
});

test('both loopback addresses and the name localhost answer', async () => {
  const { port } = new URL(stack.issuer);
  for (const host of ['localhost', '127.0.0.1', '[::1]'])
    expect((await fetch(`http://${host}:${port}/`)).status).toBe(200);
});
