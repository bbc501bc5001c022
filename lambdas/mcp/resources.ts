import {
  type McpServer,
  type ReadResourceResult,
  ResourceNotFoundError,
  ResourceTemplate,
  type Variables,
} from '@modelcontextprotocol/server';
import type { FixedResource, Resource, TemplatedResource } from '#tools/define-resource.ts';
import type { Call } from '#tools/define-tool.ts';
import { callOf } from './call.ts';
import { hasGranted, mayEverCall } from './caller.ts';
import type { Exchange } from './exchange.ts';
import { requiring } from './scope-challenge.ts';
import { resources } from './served.ts';

/** Registers the resources that the caller could ever read. MCP 2026-07-28, Resources. */
export function registerResources(server: McpServer, exchange: Exchange): void {
  for (const resource of resources.filter(({ like }) => mayEverCall(exchange.caller, like))) {
    if ('uri' in resource) registerFixed(server, resource, exchange);
    else registerTemplated(server, resource, exchange);
  }
}

function registerFixed(server: McpServer, resource: FixedResource, exchange: Exchange): void {
  server.registerResource(resource.name, resource.uri, config(resource, exchange), (uri, { mcpReq }) =>
    read(uri, resource, exchange, () => resource.read(callOf(exchange, mcpReq))),
  );
}

function registerTemplated(server: McpServer, resource: TemplatedResource, exchange: Exchange): void {
  const uris = new ResourceTemplate(resource.template, {
    list: lister(resource, exchange),
    complete: completers(resource, exchange),
  });
  server.registerResource(resource.name, uris, config(resource, exchange), (uri, variables, { mcpReq }) =>
    read(uri, resource, exchange, () => {
      const texts = decoded(variables);
      return texts && resource.read(texts, callOf(exchange, mcpReq));
    }),
  );
}

function config({ name, title, description, mimeType, like, ...rest }: Resource, exchange: Exchange) {
  const meta = 'meta' in rest && rest.meta ? { _meta: rest.meta } : {};
  return { title, description, mimeType, ...meta, scopeChallenge: requiring(like, name, exchange) };
}

function lister({ list, like }: TemplatedResource, exchange: Exchange) {
  if (!list || !hasGranted(exchange.caller, like)) return undefined;
  return async () => ({ resources: await exchange.attempt(async () => [...(await list(callOf(exchange)))]) });
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
  const found = await exchange.attempt(text);
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
  if (!hasGranted(exchange.caller, like)) return [];
  return exchange.attempt(async () => [...(await values(callOf(exchange)))]);
}
