import { once } from 'node:events';
import { createServer as createHttp, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server as TcpServer } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { TlsOptions } from 'node:tls';
import { decodeProtectedHeader } from 'jose';
import { onTestFinished } from 'vitest';

type Request = {
  readonly method: string;
  readonly path: string;
  readonly sent: URLSearchParams;
  readonly sentHeaders: Headers;
};

/** One exchange as it passes through. What a test changes of it, the client sees. */
export type Exchange = Request & { status: number; readonly headers: Headers; body: string };

type Options = {
  /** Added to every request. */
  readonly headers?: Record<string, string>;
  readonly alter?: (exchange: Exchange) => void;
  /** Says whether a request is to go no further: it is answered with an empty 200, for `alter` to fill. */
  readonly withholds?: (request: Request) => boolean;
  /** Says whether a request is never to be answered. */
  readonly ignores?: (request: Request) => boolean;
  /** Stands before the server with TLS, and makes its cookies what they are over https. */
  readonly tls?: TlsOptions;
  /** Answers plain http on the port of TLS too. */
  readonly alsoHttp?: RequestListener;
};

/** The server as it would be if some of its answers were other than they are: a proxy that puts its own origin in place. */
export async function alteredServer(
  issuer: string,
  options: Options,
): Promise<{ readonly url: string; readonly issuer: string }> {
  const proofs = new Proofs();
  const answer: RequestListener = async (request, response) => {
    const exchange = await passOn(request, { issuer, own: own(), proofs }, options);
    if (!exchange) return;
    options.alter?.(exchange);
    response.writeHead(exchange.status, [...exchange.headers].flat());
    response.end(exchange.body);
  };
  const server = options.tls ? createHttps(options.tls, answer) : createHttp(answer);
  const listener = options.alsoHttp ? both(server, createHttp(options.alsoHttp)) : server;
  listener.listen(0, options.tls ? 'localhost' : '127.0.0.1');
  await once(listener, 'listening');
  const own = () => {
    const { port } = listener.address() as AddressInfo;
    return options.tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  };
  onTestFinished(() => {
    listener.close();
    server.closeAllConnections();
  });
  return { url: `${own()}/mcp`, issuer: own() };
}

/** Gives each connection to the server for TLS or to the other, by its first byte. */
function both(tls: Server, http: Server): TcpServer {
  return createTcp((socket) => {
    socket.once('readable', () => {
      const first: Buffer | null = socket.read(1);
      if (!first) return;
      socket.unshift(first);
      const isHandshake = first[0] === 0x16;
      (isHandshake ? tls : http).emit('connection', socket);
    });
  });
}

async function passOn(
  request: IncomingMessage,
  { issuer, own, proofs }: { readonly issuer: string; readonly own: string; readonly proofs: Proofs },
  { headers: added = {}, withholds, ignores, tls }: Options,
): Promise<Exchange | undefined> {
  const { method = 'GET', url = '/' } = request;
  const inward = (text: string) => swap(text, own, issuer).replaceAll('__Host-', '');
  const outward = (text: string) => swap(text, issuer, own);
  const { host, connection, 'content-length': length, ...kept } = request.headers;
  const sentHeaders = new Headers(Object.entries(kept).map(([name, value]) => [name, inward(String(value))]));
  for (const [name, value] of Object.entries(added)) sentHeaders.set(name, value);
  const body = inward((await buffer(request)).toString());
  const received = { method, path: url.split('?')[0] ?? '', sent: new URLSearchParams(body), sentHeaders };
  if (ignores?.(received)) return undefined;
  if (withholds?.(received)) return { ...received, status: 200, headers: new Headers(), body: '' };
  const judged = proofs.judge(sentHeaders);
  if (!judged) return { ...received, ...unproven };
  const response = await fetch(`${issuer}${inward(url)}`, {
    method,
    redirect: 'manual',
    headers: judged,
    ...(body && { body }),
  });
  const headers = new Headers([...response.headers].map(([name, value]) => [name, outward(value)]));
  headers.delete('content-length');
  if (tls) secureCookies(headers);
  const exchange = { ...received, status: response.status, headers, body: outward(await response.text()) };
  proofs.bind(exchange);
  return exchange;
}

const unproven = {
  status: 401,
  headers: new Headers({ 'www-authenticate': 'DPoP error="invalid_token"' }),
  body: '',
};

/** A proof is for the address of this server, and of no use to the one behind it: so they are judged here. RFC 9449 §7. */
class Proofs {
  readonly #bound = new Map<string, string>();

  /** What is sent on. Nothing, where a token is bound and this is no proof of its key. */
  judge(headers: Headers): Headers | undefined {
    const [, scheme, token = ''] = /^(\S+) (.*)$/.exec(headers.get('authorization') ?? '') ?? [];
    const key = this.#bound.get(token);
    const passedOn = new Headers(headers);
    passedOn.delete('dpop');
    if (key === undefined) return passedOn;
    passedOn.set('authorization', `Bearer ${token}`);
    return scheme === 'DPoP' && keyOf(headers) === key ? passedOn : undefined;
  }

  /** Binds the token in an answer to the key of which a proof came with the request. */
  bind(exchange: Exchange): void {
    const key = keyOf(exchange.sentHeaders);
    if (exchange.path !== '/token' || exchange.status !== 200 || key === undefined) return;
    this.#bound.set(String(JSON.parse(exchange.body).access_token), key);
    changeMembers(exchange, { token_type: 'DPoP' });
  }
}

function keyOf(headers: Headers): string | undefined {
  const proof = headers.get('dpop');
  return proof === null ? undefined : JSON.stringify(decodeProtectedHeader(proof).jwk);
}

function secureCookies(headers: Headers): void {
  const cookies = headers.getSetCookie();
  headers.delete('set-cookie');
  for (const cookie of cookies) headers.append('set-cookie', `__Host-${cookie}; Secure`);
}

/** Changes members of a JSON answer; undefined takes one out. Does nothing to an answer without a body. */
export function changeMembers(exchange: Exchange, members: Readonly<Record<string, unknown>>): void {
  if (exchange.body) exchange.body = JSON.stringify({ ...JSON.parse(exchange.body), ...members });
}

/** Puts one origin in the place of another, also where it is part of a query. */
export function swap(text: string, from: string, to: string): string {
  return text.replaceAll(from, to).replaceAll(encodeURIComponent(from), encodeURIComponent(to));
}
