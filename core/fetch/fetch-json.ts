import { lookup } from 'node:dns/promises';
import type { IncomingMessage } from 'node:http';
import { request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';
import { type Fetched, failed, readJson } from './read-json.ts';

const LARGEST_BODY = 5 * 1024;
const TIMEOUT_MILLISECONDS = 5_000;

/**
 * Fetches JSON from an address that a stranger chose. Every address of its host must be public, and the connection
 * goes to one of those that were checked; no redirect is followed; 200, JSON, 5 KB and 5 seconds in all.
 * A host that the operator trusts may be private. Client ID Metadata Document §6.
 */
export async function fetchJson(url: URL, isTrusted: boolean): Promise<Fetched> {
  const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
  try {
    const address = await checkedAddress(url.hostname, isTrusted, signal);
    if (address === undefined) return failed('its host has no address, or one that is not public');
    return await readJson(await open(url, address, signal), LARGEST_BODY, signal);
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

async function checkedAddress(hostname: string, isTrusted: boolean, signal: AbortSignal): Promise<string | undefined> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = isIP(host) ? [host] : await addressesOf(host, signal);
  const isReachable = addresses.length > 0 && (isTrusted || addresses.every(isPublicAddress));
  return isReachable ? addresses[0] : undefined;
}

/** A look-up can't be aborted, so it is not waited for. */
async function addressesOf(host: string, signal: AbortSignal): Promise<string[]> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const found = await Promise.race([lookup(host, { all: true, verbatim: true }), aborted]);
  return found.map(({ address }) => address);
}

/** Connects to the checked address and no other, under the name that the URL has. */
function open(url: URL, address: string, signal: AbortSignal): Promise<IncomingMessage> {
  const family = isIP(address) === 6 ? 6 : 4;
  const options: RequestOptions = {
    signal,
    agent: false,
    headers: { accept: 'application/json', 'user-agent': 'Vestibule' },
    lookup: (_host, { all }, found) => (all ? found(null, [{ address, family }]) : found(null, address, family)),
  };
  const request = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
  return new Promise((resolve, reject) => request.once('response', resolve).once('error', reject).end());
}
