import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export type HeaderProxy = { readonly url: string; readonly stop: () => void };

/**
 * Stands on a free port before a server of this machine and adds headers to each request. All else passes as it came,
 * both ways, Host and Origin too. Serves as a forward proxy as well, for clients that can be given no other address:
 * what is sent on has the origin form. RFC 9112 §3.2.1.
 */
export async function startHeaderProxy(
  target: string,
  added: (received: IncomingHttpHeaders) => Readonly<Record<string, string>>,
): Promise<HeaderProxy> {
  const { hostname, port } = new URL(target);
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method, url = '', rawHeaders } = incoming;
    const path = url.replace(/^https?:\/\/[^/?]+/, '');
    const headers = [...rawHeaders, ...Object.entries(added(incoming.headers)).flat()];
    const forwarded = request({ hostname, port, method, path, headers, setHost: false });
    forwarded.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  };
  const server = createServer(pass);
  server.on('connect', (_request, socket: Duplex, head: Buffer) => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    server.emit('connection', socket);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const { port: own } = server.address() as AddressInfo;
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://localhost:${own}`, stop };
}
