import * as z from 'zod';

const SHAPE =
  'must be an origin as browsers send it: scheme and, on the web, host in lower case, no path and no slash at the end';
const SCHEME = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/;
/**
 * What a browser puts after the scheme: a host, also one that only a program knows, and perhaps a port. Hosts of schemes
 * that are not the web's keep their case, such as the UUID of an extension of Safari. URL Standard §3.5.
 */
const HOST = /^([!$&'()+,;=_~%.A-Za-z0-9-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/;
/** But for these, which their browsers write in lower case. */
const IN_LOWER_CASE = new Set(['chrome-extension', 'moz-extension']);

/**
 * An origin that a browser can send, or all of a scheme that is not the web's: `moz-extension://*`, for such origins
 * differ from one installation to the next. RFC 6454 §6.2.
 */
export const origin = z.string().check(({ value, issues }) => {
  const message = faultOf(value);
  if (message) issues.push({ code: 'custom', input: value, message });
});

function faultOf(text: string): string | undefined {
  if (text === 'null') return 'must not be null: any page of any site can send that';
  const [, scheme, host = ''] = SCHEME.exec(text) ?? [];
  if (scheme === undefined) return SHAPE;
  if (scheme === 'http' || scheme === 'https') return faultOfWebOrigin(text, host);
  if (host === '*' || (scheme === 'file' && host === '')) return undefined;
  const isAsSent = HOST.test(host) && !(IN_LOWER_CASE.has(scheme) && /[A-Z]/.test(host));
  return isAsSent ? undefined : SHAPE;
}

function faultOfWebOrigin(text: string, host: string): string | undefined {
  const url = URL.parse(text);
  if (!url || host.includes('*')) return SHAPE;
  return url.origin === text ? undefined : `${SHAPE}, such as ${url.origin}`;
}
