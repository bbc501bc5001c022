import { OAuthError } from '#core/oauth/error.ts';
import type { Request } from './request.ts';
import type { Response } from './response.ts';

/**
 * Writes the one line that each request leaves: what was asked, what was answered, and why it failed.
 * Neither query, headers nor body are in it, so no code, token, secret or cookie can be.
 */
export function logRequest(request: Request, response: Response | null | undefined, error?: unknown): void {
  const line = { request: request.id, method: request.method, path: request.path, status: response?.status };
  if (!error) console.info(response?.reason === undefined ? line : { ...line, reason: response.reason });
  else if (error instanceof OAuthError) console.warn({ ...line, error: error.code, ...reason(error) });
  else console.error({ ...line, error: 'server_error' }, error);
}

function reason({ message, cause }: OAuthError): { description: string; cause?: string } {
  if (cause === undefined) return { description: message };
  return { description: message, cause: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause) };
}
