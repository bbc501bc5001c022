import { fetchFromLoopback, isBelowLocalhost } from './loopback.ts';

/** How every request goes out: `fetch`, which `--verbose` wraps. */
export type Wire = (url: string | URL, init?: RequestInit) => Promise<Response>;

const LONGEST_WAIT_MILLISECONDS = 30_000;

/** `fetch`, for those requests too that nobody else would ever give up. */
export const wire: Wire = (url, init) => {
  const request = { ...init, signal: init?.signal ?? AbortSignal.timeout(LONGEST_WAIT_MILLISECONDS) };
  const address = new URL(url);
  return isBelowLocalhost(address) ? fetchFromLoopback(address, request) : fetch(url, request);
};
