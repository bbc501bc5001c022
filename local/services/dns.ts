import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const [A, MX] = [1, 15];
const NAME_ERROR = 3;

/**
 * Starts a DNS server for the look-ups that come before a mail, and returns its address. Every domain has a mail exchange,
 * but those below `invalid`, which do not exist, and those that begin with `null-mx.`, `no-mail.` or `address-only.`:
 * they say that they take no mail, have no record, or have an address alone. RFC 1035 §4.1, RFC 6761 §6.4, RFC 7505 §3.
 */
export async function startDns(): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => socket.send(answerTo(query), port, address));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.unref();
  const { address, port } = socket.address();
  return `${address}:${port}`;
}

function answerTo(query: Buffer): Buffer {
  const { labels, type, end } = questionOf(query);
  const records = labels.at(-1) === 'invalid' ? undefined : recordsOf(labels[0] ?? '', type);
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | (records === undefined ? NAME_ERROR : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records?.length ?? 0, 6);
  const answers = (records ?? []).map((data) => record(type, data));
  return Buffer.concat([header, query.subarray(12, end), ...answers]);
}

function questionOf(query: Buffer) {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length).toLowerCase());
    at += 1 + length;
  }
  return { labels, type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** The data of the records of a name, by its first label. */
function recordsOf(first: string, type: number): Buffer[] {
  if (first === 'no-mail') return [];
  if (first === 'null-mx') return type === MX ? [exchange(0, '')] : [];
  if (type === A) return [Buffer.from([192, 0, 2, 1])];
  return type === MX && first !== 'address-only' ? [exchange(10, 'mail.example')] : [];
}

function exchange(preference: number, host: string): Buffer {
  const labels = host.split('.').filter(Boolean);
  const name = labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  const head = Buffer.alloc(2);
  head.writeUInt16BE(preference);
  return Buffer.concat([head, ...name, Buffer.from([0])]);
}

/** A record of the name that was asked for, which is good for a minute. */
function record(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
