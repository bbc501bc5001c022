import { lookup } from 'node:dns/promises';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { isPublicAddress } from './public-address.ts';
import { type Fetched, failed, readJson } from './read-json.ts';

const LARGEST_BODY = 5 * 1024;
const TIMEOUT_MILLISECONDS = 5_000;
const CONNECT_MILLISECONDS = 1_200;
const MOST_ADDRESSES = 4;

/** What is asked beside a plain GET of a small document. */
type Asked = {
  /** Is posted as a form. */
  readonly form?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly mostBytes?: number;
  /** The statuses whose answers are read. */
  readonly statuses?: readonly number[];
};

/**
 * Fetches JSON from an address that a stranger chose. Every address of its host must be public, and the connection
 * goes to one of those that were checked; no redirect is followed; 200, JSON, 5 KB and 5 seconds in all.
 * A host that the operator trusts may be private. Client ID Metadata Document §6.
 */
export async function fetchJson(url: URL, isTrusted: boolean, asked: Asked = {}): Promise<Fetched> {
  const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
  const { mostBytes = LARGEST_BODY, statuses } = asked;
  try {
    const addresses = await checkedAddresses(url.hostname, isTrusted, signal);
    if (addresses.length === 0) return failed('its host has no address, or one that is not public');
    return await readJson(await openFirst(url, addresses, asked, signal), mostBytes, signal, statuses);
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error), true);
  }
}

/** The addresses of a host in the order in which to try them, none if one of them is not public. */
async function checkedAddresses(hostname: string, isTrusted: boolean, signal: AbortSignal): Promise<string[]> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = isIP(host) ? [host] : await addressesOf(host, signal);
  if (!isTrusted && !addresses.every(isPublicAddress)) return [];
  // A Lambda outside of a VPC has no way out over IPv6.
  return addresses.toSorted((one, other) => isIP(one) - isIP(other)).slice(0, MOST_ADDRESSES);
}

/** A look-up can't be aborted, so it is not waited for. */
async function addressesOf(host: string, signal: AbortSignal): Promise<string[]> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const found = await Promise.race([lookup(host, { all: true, verbatim: true }), aborted]);
  return found.map(({ address }) => address);
}

/** Sends the request to the first address that takes a connection. Rejects with what the last one said. */
async function openFirst(
  url: URL,
  [address = '', ...others]: readonly string[],
  asked: Asked,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  try {
    return await open(url, address, asked, signal);
  } catch (error) {
    if (others.length === 0 || signal.aborted || !isUnreachable(error)) throw error;
    return openFirst(url, others, asked, signal);
  }
}

/** Nothing was sent yet: nobody listens at the address, or there is no way to it. */
function isUnreachable(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'connect';
}

/** Connects to the checked address and no other, under the name that the URL has. */
function open(url: URL, address: string, { form, headers }: Asked, signal: AbortSignal): Promise<IncomingMessage> {
  const family = isIP(address) === 6 ? 6 : 4;
  const body = form?.toString();
  const ofForm = body !== undefined && {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
  };
  const options: RequestOptions = {
    signal,
    agent: false,
    method: body === undefined ? 'GET' : 'POST',
    headers: { accept: 'application/json', 'user-agent': 'Vestibule', ...ofForm, ...headers },
    lookup: (_host, { all }, found) => (all ? found(null, [{ address, family }]) : found(null, address, family)),
  };
  const request = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
  request.once('socket', (socket) => giveUpConnecting(socket, request));
  return new Promise((resolve, reject) => request.once('response', resolve).once('error', reject).end(body));
}

/** An address that takes no connection and does not refuse one either must leave time for the next. */
function giveUpConnecting(socket: Socket, request: ClientRequest): void {
  const timer = setTimeout(() => request.destroy(new ConnectTimeout()), CONNECT_MILLISECONDS);
  socket.once('connect', () => clearTimeout(timer));
  request.once('close', () => clearTimeout(timer));
}

class ConnectTimeout extends Error {
  readonly syscall = 'connect';

  constructor() {
    super('it takes no connection');
  }
}
