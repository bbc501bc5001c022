import type { Request } from '#core/http/request.ts';
import { mcpOrigin } from '#core/issuer.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { allowedOrigins } from '#generated';

/** Web tools under development run on the person's own device, on any port. */
const LOOPBACK_ORIGIN = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\/(?=.)/;

/**
 * Refuses web pages of unknown sites. Programs send no Origin and pass. Throws with 403.
 * MCP 2026-07-28, Streamable HTTP, Security.
 */
export function requireAllowedOrigin({ headers: { origin } }: Request): void {
  if (origin === undefined || origin === mcpOrigin || isNamed(origin) || LOOPBACK_ORIGIN.test(origin)) return;
  throw new OAuthError('access_denied', 'This origin is not allowed to call this server', 403);
}

/** The settings name an origin, or every one of a scheme that is not the web's. RFC 6454 §6.2. */
function isNamed(origin: string): boolean {
  const [scheme] = SCHEME.exec(origin) ?? [];
  return allowedOrigins.includes(origin) || (scheme !== undefined && allowedOrigins.includes(`${scheme}*`));
}
