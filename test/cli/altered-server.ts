import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** One exchange as it passes through. What a test changes of it, the client sees. */
export type Exchange = {
  readonly path: string;
  readonly sent: URLSearchParams;
  readonly sentHeaders: Headers;
  status: number;
  readonly headers: Headers;
  body: string;
};

type Options = {
  /** Added to every request. */
  readonly headers?: Record<string, string>;
  readonly alter?: (exchange: Exchange) => void;
};

/** The server as it would be if some of its answers were other than they are: a proxy that puts its own origin in place. */
export async function alteredServer(
  issuer: string,
  options: Options,
): Promise<{ readonly url: string; readonly issuer: string }> {
  const server = createServer(async (request, response) => {
    const exchange = await passOn(request, issuer, own(), options.headers ?? {});
    options.alter?.(exchange);
    response.writeHead(exchange.status, [...exchange.headers].flat());
    response.end(exchange.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `${own()}/mcp`, issuer: own() };
}

async function passOn(
  request: IncomingMessage,
  issuer: string,
  own: string,
  added: Record<string, string>,
): Promise<Exchange> {
  const { method = 'GET', url = '/' } = request;
  const inward = (text: string) => swap(text, own, issuer);
  const outward = (text: string) => swap(text, issuer, own);
  const { host, connection, 'content-length': length, ...kept } = request.headers;
  const sentHeaders = new Headers(Object.entries(kept).map(([name, value]) => [name, inward(String(value))]));
  for (const [name, value] of Object.entries(added)) sentHeaders.set(name, value);
  const sent = inward((await buffer(request)).toString());
  const response = await fetch(`${issuer}${inward(url)}`, {
    method,
    redirect: 'manual',
    headers: sentHeaders,
    ...(sent && { body: sent }),
  });
  const headers = new Headers([...response.headers].map(([name, value]) => [name, outward(value)]));
  headers.delete('content-length');
  const body = outward(await response.text());
  return {
    path: url.split('?')[0] ?? '',
    sent: new URLSearchParams(sent),
    sentHeaders,
    status: response.status,
    headers,
    body,
  };
}

function swap(text: string, from: string, to: string): string {
  return text.replaceAll(from, to).replaceAll(encodeURIComponent(from), encodeURIComponent(to));
}
