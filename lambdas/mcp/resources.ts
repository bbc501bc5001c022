import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
  ResourceTemplate,
  type Variables,
} from '@modelcontextprotocol/server';
import { fitting } from '#tools/answer-size.ts';
import type { FixedResource, Resource, TemplatedResource } from '#tools/define-resource.ts';
import type { Call } from '#tools/define-tool.ts';
import { honestly } from '#tools/effects.ts';
import { callOf } from './call.ts';
import { hasGranted, mayEverCall } from './caller.ts';
import type { Exchange } from './exchange.ts';
import { requiring } from './scope-challenge.ts';
import { resources } from './served.ts';

type Listed = { readonly uri: string; readonly name: string; readonly [member: string]: unknown };

/** Registers the resources that the caller could ever read. MCP 2026-07-28, Resources. */
export function registerResources(server: McpServer, exchange: Exchange): void {
  const permitted = resources.filter(({ like }) => mayEverCall(exchange.caller, like));
  for (const resource of permitted) {
    if ('uri' in resource) registerFixed(server, resource, exchange);
    else registerTemplated(server, resource, exchange);
  }
  if (permitted.length === 0) return;
  server.server.setRequestHandler('resources/list', async ({ params }) => {
    const recording = exchange.recordListing('resources', 'allowed');
    if (permitted.some(({ like }) => !like.bounded)) await recording;
    const listing = Promise.all(permitted.map((resource) => listedOf(resource, exchange)));
    const [listed] = await Promise.all([listing, recording]);
    return pageOf(listed.flat(), params?.cursor);
  });
}

async function listedOf(resource: Resource, exchange: Exchange): Promise<readonly Listed[]> {
  const { name, ...described } = description(resource);
  if ('uri' in resource) return [{ uri: resource.uri, name, ...described }];
  const { list, like } = resource;
  if (!list || !hasGranted(exchange.caller, like)) return [];
  const listed = await exchange.attempt(() => honestly(like, () => list(callOf(exchange.acting))));
  return listed.map((one) => ({ ...described, ...one }));
}

/** As many as an answer has room for, after the one that the cursor names. MCP 2026-07-28, Pagination. */
function pageOf(listed: readonly Listed[], cursor: string | undefined) {
  const after = cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString();
  const start = after === undefined ? 0 : listed.findLastIndex(({ uri }) => uri === after) + 1;
  if (after !== undefined && start === 0) {
    const gone = 'The cursor is not one that this server gave, or the list has changed: start again without it.';
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, gone);
  }
  const page = fitting(listed.slice(start));
  const last = start + page.length < listed.length ? page.at(-1) : undefined;
  return { resources: [...page], ...(last ? { nextCursor: Buffer.from(last.uri).toString('base64url') } : {}) };
}

function registerFixed(server: McpServer, resource: FixedResource, exchange: Exchange): void {
  server.registerResource(resource.name, resource.uri, config(resource, exchange), (uri, { mcpReq }) =>
    read(uri, resource, exchange, () => resource.read(callOf(exchange.acting, mcpReq))),
  );
}

function registerTemplated(server: McpServer, resource: TemplatedResource, exchange: Exchange): void {
  const uris = new ResourceTemplate(resource.template, {
    list: undefined,
    complete: completers(resource, exchange),
  });
  server.registerResource(resource.name, uris, config(resource, exchange), (uri, variables, { mcpReq }) =>
    read(uri, resource, exchange, () => {
      const texts = decoded(variables);
      return texts && resource.read(texts, callOf(exchange.acting, mcpReq));
    }),
  );
}

function config(resource: Resource, exchange: Exchange) {
  const { name, ...described } = description(resource);
  return { ...described, scopeChallenge: requiring(resource.like, name, exchange) };
}

function description({ name, title, description, mimeType, ...rest }: Resource) {
  const described = { name, title, description, mimeType };
  return 'meta' in rest && rest.meta ? { ...described, _meta: { ...rest.meta } } : described;
}

function completers({ complete = {}, like }: TemplatedResource, exchange: Exchange) {
  const values = Object.entries(complete).map(([variable, valuesFor]) => [
    variable,
    (typed: string) => suggestions(like, exchange, (call) => valuesFor(typed, call)),
  ]);
  return Object.fromEntries(values);
}

async function read(
  uri: URL,
  resource: Resource,
  exchange: Exchange,
  text: () => string | undefined | Promise<string | undefined>,
): Promise<ReadResourceResult> {
  await exchange.begin(resource.name, resource.like);
  const found = await exchange.attempt(() => honestly(resource.like, text));
  if (found === undefined) throw new ResourceNotFoundError(uri.href);
  await exchange.attempt(() => exchange.record(resource.name, 'allowed'));
  const meta = 'meta' in resource && resource.meta ? { _meta: { ...resource.meta } } : {};
  return { contents: [{ uri: uri.href, mimeType: resource.mimeType, text: found, ...meta }] };
}

/** The variables as they were before they were put into the address; undefined where no text gives it. RFC 6570 §3.2.1. */
function decoded(variables: Variables): Record<string, string> | undefined {
  try {
    const texts = Object.entries(variables).map(([name, value]) => [name, decodeURIComponent([value].flat()[0] ?? '')]);
    return Object.fromEntries(texts);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** What an argument may be, for a caller to whom the tool that shows the same was granted. MCP 2026-07-28, Completion. */
export async function suggestions(
  like: Resource['like'],
  exchange: Exchange,
  values: (call: Call) => readonly string[] | Promise<readonly string[]>,
): Promise<string[]> {
  const isGranted = hasGranted(exchange.caller, like);
  const recording = exchange.recordListing(like.name, isGranted ? 'allowed' : 'denied');
  if (!like.bounded) await recording;
  const suggesting = isGranted ? exchange.attempt(() => honestly(like, () => values(callOf(exchange.acting)))) : [];
  const [suggested] = await Promise.all([suggesting, recording]);
  return [...suggested];
}
