/** How a key goes along with a request. RFC 6750 §2.1, RFC 7617. */
type Sent = 'bearer' | 'basic' | { readonly header: string } | { readonly query: string };

/**
 * A key that an API asks for: the name under which the settings have it (`tools.secrets`), and how it is sent. For
 * `basic` it is a name and a password with a colon between them.
 */
export type ApiKey = { readonly secret: string; readonly sent: Sent };

/** An API of others that tools call. */
export type Api = {
  /** What it is called in what a model reads. */
  readonly name: string;
  /** Its address, below which all paths are. Empty as long as the operator has not set it. */
  readonly base: string;
  /** The keys that its operations ask for. They are the operator's, whichever person calls. */
  readonly keys: Readonly<Record<string, ApiKey>>;
};

/** Describes an API. Throws when its address is neither https nor on this machine, or has more to it than a path. */
export function defineApi<const A extends Api>(api: A): A {
  if (api.base === '') return api;
  const url = URL.parse(api.base);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  const isPlain = url && [url.username, url.password, url.search, url.hash].every((part) => part === '');
  if (isSafe && isPlain) return api;
  throw new Error(
    `The address of ${api.name} must be https, or http on this machine, without a query or a name in it; it is ${api.base}`,
  );
}

/** True for this very machine. RFC 6761 §6.3. */
function isLoopback(hostname: string): boolean {
  return /(^|\.)localhost$|^127\.\d+\.\d+\.\d+$|^\[::1\]$/.test(hostname);
}
