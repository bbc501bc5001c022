import { preflightHeaders } from '#core/http/preflight.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';

/** The answer, or that it is still what the client has. RFC 9110 §13.1.2, §15.4.5. */
export function unlessUnchanged(response: Response, { headers }: Request): Response {
  const { etag, 'content-type': type, ...kept } = response.headers ?? {};
  const known = headers['if-none-match'];
  if (etag === undefined || known === undefined) return response;
  const tags = known.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || known.trim() === '*' ? { status: 304, headers: { ...kept, etag } } : response;
}

/** Lets pages send the tag of a document that has one: `*` does not do where clients look for it by name. */
export function preflightOfTagged(document: Response | undefined): Readonly<Record<string, string>> {
  if (!document?.headers?.etag) return {};
  return { 'access-control-allow-headers': `If-None-Match, ${preflightHeaders['access-control-allow-headers']}` };
}
