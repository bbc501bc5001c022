const LONGEST_REDIRECT_URI = 2_000;

/** `http` on this very device: host, and all that follows the port. RFC 8252 §7.3. */
const LOOPBACK = /^http:\/\/(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d{1,5})?((?:[/?].*)?)$/;

/** A URI is ASCII without spaces, and only such goes into a header. No fragment, and no backslash, which browsers turn. */
const PLAIN = /^[!"$-[\]-~]+$/;

/** Schemes that a browser or a system acts on by itself, so that no application can own them. */
const PUBLIC_SCHEMES = new Set([
  'about',
  'blob',
  'chrome',
  'content',
  'data',
  'dns',
  'file',
  'filesystem',
  'ftp',
  'geo',
  'http',
  'intent',
  'jar',
  'javascript',
  'ldap',
  'mailto',
  'ms-settings',
  'resource',
  'search-ms',
  'sftp',
  'sms',
  'smb',
  'ssh',
  'tel',
  'urn',
  'vbscript',
  'view-source',
  'ws',
  'wss',
]);

/**
 * Says whether a code may ever be sent there: https, http on this device, or a scheme of the application's own.
 * RFC 9700 §2.6, RFC 8252 §7.
 */
export function isUsableRedirectUri(uri: string): boolean {
  if (uri.length > LONGEST_REDIRECT_URI || !PLAIN.test(uri) || !URL.canParse(uri)) return false;
  const { protocol, username, password } = new URL(uri);
  if (username || password) return false;
  return protocol === 'https:' || isLoopback(uri) || !PUBLIC_SCHEMES.has(protocol.slice(0, -1));
}

/** Says whether the URI leads to a program on the person's own device over http. RFC 8252 §7.3. */
export function isLoopback(uri: string): boolean {
  return LOOPBACK.test(uri);
}

/**
 * Says whether the requested URI is one of the registered ones: the same text, but for the port of a loopback URI,
 * which a native application only knows when it starts. OAuth 2.1 §4.1.1, RFC 8252 §7.3.
 */
export function isRegistered(requested: string, registered: readonly string[]): boolean {
  return registered.some((uri) => uri === requested || isSameButForPort(uri, requested));
}

function isSameButForPort(registered: string, requested: string): boolean {
  const [one, other] = [LOOPBACK.exec(registered), LOOPBACK.exec(requested)];
  return one !== null && other !== null && one[1] === other[1] && one[2] === other[2];
}

/** Where the browser goes with an answer. The URI keeps the query it was registered with. RFC 6749 §4.1.2. */
export function withParameters(uri: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams(given)}`;
}
