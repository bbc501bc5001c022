import { readableByAnyOrigin } from '#core/http/cors.ts';
import { endpoint } from '#core/http/endpoint.ts';
import { jsonRpcError } from '#core/http/json-rpc.ts';
import { oauthJson } from '#core/http/oauth-json.ts';
import { preflightHeaders } from '#core/http/preflight.ts';
import type { Request } from '#core/http/request.ts';
import { empty, json, type Response } from '#core/http/response.ts';
import { unauthorized } from '#core/http/unauthorized.ts';
import { wordsFor } from '#core/http/words-for.ts';
import { issuer, mcpOrigin, mcpUrl } from '#core/issuer.ts';
import { shownToken } from '#core/oauth/challenge.ts';
import { paths } from '#core/routes.ts';
import { allowedMethods } from './allowed-methods.ts';
import { documents } from './documents.ts';
import { type Host, hostOf, isOf } from './hosts.ts';
import { setupPage } from './setup-page.ts';
import { preflightOfTagged, unlessUnchanged } from './unchanged.ts';

/** Who may read an answer depends on the path. */
const discoveryForm = { ...oauthJson, headers: {} };

/** Discovery, and every request that no other Lambda takes. RFC 8414 §3, RFC 9728 §3. */
export const handler: ReturnType<typeof endpoint> = (event, context) => answerAt[hostOf(event)](event, context);

const answerAt = { only: at('only'), resource: at('resource'), authorization: at('authorization') } as const;

function at(host: Host) {
  return endpoint(async (received) => {
    const request = { ...received, path: documentPath(received.path) };
    const { method, path } = request;
    const { body, headers, ...response } = await (isOf(host, path) ? answer(request) : elsewhere(request));
    const readable = isForPages(path) ? {} : readableByAnyOrigin;
    return { ...response, headers: { ...readable, ...headers }, body: method === 'HEAD' ? undefined : body };
  }, discoveryForm);
}

/** A document is found with a slash at its end too: clients that were given `/mcp/` look for its metadata so. RFC 9728 §3.1. */
function documentPath(path: string): string {
  const [, withoutSlash = path] = /^(.+)\/$/.exec(path) ?? [];
  return documents.has(withoutSlash) ? withoutSlash : path;
}

/** No script of another page may have to do with the authorization endpoint or the account page. RFC 9700 §2.6. */
function isForPages(path: string): boolean {
  return isAt(paths.authorize, path) || isForAccount(path);
}

function isForAccount(path: string): boolean {
  return isAt(paths.account, path);
}

function isAt(root: string, path: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

async function answer(request: Request): Promise<Response> {
  const { method, path } = request;
  const allowed = allowedMethods(path);
  if (path === paths.mcp || path === paths.mcpWithSlash) return mcpWithoutPost(request);
  if (method === 'OPTIONS') return preflight(path, allowed);
  if (path === paths.home && method === 'POST') return notFound();
  if (allowed.length === 0) return notFound();
  if (!allowed.includes(method)) return methodNotAllowed(allowed);
  if (path === paths.home) return setupPage(await wordsFor(request));
  const document = documents.get(path) ?? empty(200, { 'content-type': 'text/html; charset=utf-8' });
  return unlessUnchanged(document, request);
}

/**
 * What the other host answers is not answered here: a client that asks the wrong one is to say so. A browser is led on
 * to the page that a person may have looked for.
 */
function elsewhere({ method, path }: Request): Response {
  const isRead = method === 'GET' || method === 'HEAD';
  if (isRead && path === paths.home) return empty(308, { location: `${mcpOrigin}${paths.home}` });
  if (isRead && isForAccount(path)) return empty(308, { location: `${issuer}${paths.account}` });
  const isMcp = path === paths.mcp || path === paths.mcpWithSlash;
  return isMcp ? jsonRpcError(404, `The MCP endpoint is ${mcpUrl}`, 404) : notFound();
}

/** Some clients look here for the challenge before they post. MCP 2026-07-28, Streamable HTTP. */
function mcpWithoutPost({ method, headers }: Request): Response {
  if (method === 'OPTIONS') return empty(204, preflightHeaders);
  if (!shownToken(headers.authorization)) return unauthorized();
  // Where API Gateway does not take `/mcp/` for the empty rest, a call comes here. RFC 9110 §15.4.9: method and body stay.
  if (method === 'POST') return empty(308, { location: mcpUrl });
  return jsonRpcError(405, 'Only POST is served here', 405, { allow: 'POST' });
}

function preflight(path: string, allowed: readonly string[]): Response {
  const allow = { allow: [...allowed, 'OPTIONS'].join(', ') };
  if (isForPages(path)) return empty(204, allow);
  return empty(204, { ...preflightHeaders, ...allow, ...preflightOfTagged(documents.get(path)) });
}

function methodNotAllowed(allowed: readonly string[]): Response {
  const body = { error: 'method_not_allowed', error_description: `Use ${allowed.join(', ')}` };
  return json(body, 405, { allow: allowed.join(', ') });
}

function notFound(): Response {
  const signIn = issuer === mcpOrigin ? '' : `; ${issuer} is its authorization server`;
  const description = `Nothing is served here. The MCP endpoint is ${mcpUrl}${signIn}`;
  return json({ error: 'not_found', error_description: description }, 404);
}
