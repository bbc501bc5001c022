import { OAuthError } from '#core/oauth/error.ts';
import { loggedShare } from '#generated';
import type { Request } from './request.ts';
import type { Response } from './response.ts';
import { withoutAddresses } from './without-addresses.ts';

const [LONGEST_PATH, MOST_SEGMENTS, LONGEST_SEGMENT] = [400, 6, 40];

/** Requests that have left a line of their own. */
const told = new WeakSet<Request>();

/**
 * Writes a line about a request that was refused or failed, or went well but for something: what was asked, what was
 * answered, and why. What went well is told with the metrics of the request.
 * Neither query, headers nor body are in it, and no more of the path than tells what was asked, so no code, token, secret or cookie can be, and services that name an
 * e-mail address in their errors have it taken out.
 */
export function logRequest(request: Request, response: Response | null | undefined, error?: unknown): void {
  if (!error && isUsual(response)) return;
  told.add(request);
  const path = shownPath(request.path);
  const line = { request: request.id, method: request.method, path, status: response?.status };
  if (!error)
    console.info(response?.reason === undefined ? line : { ...line, reason: withoutAddresses(response.reason) });
  else if (error instanceof OAuthError) console.warn({ ...line, error: error.code, ...reason(error) });
  else console.error({ ...line, error: 'server_error' }, described(error));
}

/** What the line with the metrics of a request says of it, if it has none of its own: in as many as the settings say. */
export function shownOf(request: Request): Readonly<Record<string, string>> {
  if (told.has(request) || Math.random() >= loggedShare) return {};
  return { request: request.id, method: request.method, path: shownPath(request.path) };
}

function isUsual(response: Response | null | undefined): boolean {
  return response?.status !== undefined && response.status < 400 && response.reason === undefined;
}

/** As much of a path as tells what was asked for. Whatever is long in it may be a code or a token in the wrong place. */
function shownPath(path: string): string {
  const segments = path.slice(0, LONGEST_PATH).split('/').slice(0, MOST_SEGMENTS);
  const shown = segments.map((one) => (one.length > LONGEST_SEGMENT ? `${one.slice(0, 8)}…` : one)).join('/');
  return withoutAddresses(shown);
}

function reason({ message, cause }: OAuthError): { description: string; cause?: string } {
  const description = withoutAddresses(message);
  if (cause === undefined) return { description };
  const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return { description, cause: withoutAddresses(text) };
}

/** An error as the log has it: what the SDK hangs on to its errors may hold anything. */
function described(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(withoutAddresses(String(error)));
  const shown = new Error(withoutAddresses(error.message));
  shown.name = error.name;
  shown.stack = withoutAddresses(error.stack ?? '');
  return shown;
}
