import { once } from 'node:events';
import { connect } from 'node:net';

/** An answer as it came over the wire. */
export type RawAnswer = { readonly status: number; readonly contentType: string; readonly body: string };

/** Sends a POST as bytes, since no HTTP client would send what some of the tests must. */
export async function postRaw(
  issuer: string,
  path: string,
  headers: readonly (readonly [name: string, value: string])[],
  body: Buffer | string,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(issuer);
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
  const all = [
    ['Host', `${hostname}:${port}`],
    ['Connection', 'close'],
    ['Content-Length', String(bytes.length)],
    ...headers,
  ];
  const head = `POST ${path} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'connect');
  socket.write(Buffer.concat([Buffer.from(head, 'latin1'), bytes]));
  await once(socket, 'close');
  return parse(Buffer.concat(chunks).toString());
}

function parse(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  const contentType = /^content-type: *(.*)$/im.exec(head)?.[1] ?? '';
  return { status, contentType, body: rest.join('\r\n\r\n') };
}
