const LONGEST_REDIRECT_URI = 2_000;

/** `http` on this very device: host, and all that follows the port. RFC 8252 §7.3. */
const LOOPBACK = /^http:\/\/(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d{1,5})?((?:[/?].*)?)$/;

/** A URI is ASCII without spaces, and only such goes into a header. No fragment, and no backslash, which browsers turn. */
const PLAIN = /^[!"$-[\]-~]+$/;

/** Without both slashes, a browser that comes from https takes what follows for a path on our own host. URL Standard §4.4. */
const WITH_HOST = /^https:\/\/[^/]/i;

/** Schemes that a browser or a system acts on by itself, so that no application can own them, whatever the settings say. */
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

/** A scheme that follows from a domain of the application's makers. RFC 8252 §7.1. */
const OF_A_DOMAIN = /^[a-z][a-z\d]*(\.[a-z\d+-]+)+$/;

/** The schemes of programs that are known, though no domain stands in them. Any other may start a program of the system. */
const KNOWN_PROGRAMS = new Set([
  'boltai',
  'cherrystudio',
  'claude',
  'code-oss',
  'cursor',
  'goose',
  'jan',
  'kiro',
  'lmstudio',
  'raycast',
  'trae',
  'vscode',
  'vscode-insiders',
  'vscodium',
  'warp',
  'windsurf',
  'windsurf-next',
  'zed',
]);

/**
 * True if a code may ever be sent there: https, http on this device, or a scheme of an application's own, which is
 * one with a dot, of a known program, or of those that the operator named. RFC 9700 §2.6, RFC 8252 §7.
 */
export function isUsableRedirectUri(uri: string, named: readonly string[] = []): boolean {
  if (uri.length > LONGEST_REDIRECT_URI || !PLAIN.test(uri) || !URL.canParse(uri)) return false;
  const { protocol, username, password } = new URL(uri);
  if (username || password) return false;
  const scheme = protocol.slice(0, -1);
  if (scheme === 'https') return WITH_HOST.test(uri);
  if (isLoopback(uri)) return true;
  return (
    !PUBLIC_SCHEMES.has(scheme) && (OF_A_DOMAIN.test(scheme) || KNOWN_PROGRAMS.has(scheme) || named.includes(scheme))
  );
}

/** True if the URI leads to a program on the person's own device over http. RFC 8252 §7.3. */
export function isLoopback(uri: string): boolean {
  return LOOPBACK.test(uri);
}

/**
 * True if the requested URI is one of the registered ones: the same text, but for the port of a loopback URI,
 * which a native application only knows when it starts. OAuth 2.1 §4.1.1, RFC 8252 §7.3.
 */
export function isRegistered(requested: string, registered: readonly string[]): boolean {
  return registered.some((uri) => uri === requested || isSameButForPort(uri, requested));
}

function isSameButForPort(registered: string, requested: string): boolean {
  const [one, other] = [LOOPBACK.exec(registered), LOOPBACK.exec(requested)];
  return one !== null && other !== null && one[1] === other[1] && one[2] === other[2];
}

/** What an answer says. A client would read the one or the other if it stood there twice. */
const ANSWER = new Set(['code', 'state', 'iss', 'error', 'error_description', 'error_uri']);

/**
 * Where the browser goes with an answer. The URI keeps the query it was registered with, but for what only an answer may
 * say. RFC 6749 §4.1.2.
 */
export function withParameters(uri: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const at = uri.indexOf('?');
  const [path, query] = at < 0 ? [uri, ''] : [uri.slice(0, at), uri.slice(at + 1)];
  const kept = query.split('&').filter((pair) => pair !== '' && !isAnswer(pair));
  return `${path}?${[...kept, new URLSearchParams(given)].join('&')}`;
}

function isAnswer(pair: string): boolean {
  const [name = ''] = new URLSearchParams(pair).keys();
  return ANSWER.has(name);
}
