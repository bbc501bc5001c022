import { lookup } from 'node:dns/promises';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** How long a stranger may take for all of an answer. */
export const strangerMilliseconds = 5_000;
const CONNECT_MILLISECONDS = 1_200;
const MOST_ADDRESSES = 4;

/** Why nothing is opened. */
export const isNotPublic = 'its host has no address, or one that is not public';

/** What is asked beside a plain GET. */
export type Asked = {
  /** Is posted as a form. */
  readonly form?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * Opens a connection to an address that a stranger chose, and gives the answer as it begins. Every address of its host
 * must be public, and the connection goes to one of those that were checked; no redirect is followed. A host that the
 * operator trusts may be private. Undefined where a host has no address, or one that is not public.
 * Client ID Metadata Document §6.
 */
export async function openStranger(
  url: URL,
  isTrusted: boolean,
  asked: Asked,
  signal: AbortSignal,
): Promise<IncomingMessage | undefined> {
  const addresses = await checkedAddresses(url.hostname, isTrusted, signal);
  return addresses.length === 0 ? undefined : openFirst(url, addresses, asked, signal);
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
