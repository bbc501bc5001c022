import { type CacheHint, McpServer } from '@modelcontextprotocol/server';
import { jsonMembers } from '#core/http/json-rpc.ts';
import { opensPublicTools } from '#generated';
import type { Tool } from '#tools/define-tool.ts';
import { mayEverCall } from './caller.ts';
import type { Exchange } from './exchange.ts';
import { identity } from './identity.ts';
import { registerPrompts } from './prompts.ts';
import { registerResources } from './resources.ts';
import { shown } from './schemas.ts';
import { requiring } from './scope-challenge.ts';
import { instructions, prompts, resources, tools } from './served.ts';
import { callTool } from './tool-call.ts';

/** `listChanged: true` would have clients hold a Lambda open for news that never comes. */
const unchanging = { listChanged: false };
const capabilities = {
  tools: unchanging,
  ...(resources.length > 0 && { resources: unchanging }),
  ...(prompts.length > 0 && { prompts: unchanging }),
  ...(resources.length + prompts.length > 0 && { completions: {} }),
};

/** Lists follow what the caller may do, so that no two callers may share one. MCP 2026-07-28, Caching. */
const ownForAMinute: CacheHint = { ttlMs: 60_000, cacheScope: 'private' };
const cacheHints = {
  'tools/list': ownForAMinute,
  'resources/list': { ...ownForAMinute, ttlMs: 0 },
  'resources/templates/list': ownForAMinute,
  'prompts/list': ownForAMinute,
};

const options = { capabilities, cacheHints, ...(instructions !== '' && { instructions }) };

/** A server with what this caller could ever use, for one request. MCP 2026-07-28, Tools, Resources, Prompts. */
export function mcpServer(exchange: Exchange): McpServer {
  const server = new McpServer(identity, options);
  const { method } = exchange.message;
  const [family] = typeof method === 'string' ? method.split('/') : [];
  if (family === 'tools') registerTools(server, exchange);
  if (family === 'resources' || family === 'completion') registerResources(server, exchange);
  if (family === 'prompts' || family === 'completion') registerPrompts(server, exchange);
  return server;
}

function registerTools(server: McpServer, exchange: Exchange): void {
  for (const tool of neededTools(exchange)) {
    const { title, description, annotations, icons } = tool;
    server.registerTool(
      tool.name,
      {
        title,
        description,
        annotations,
        ...(icons && { icons }),
        inputSchema: shown(tool.input, 'input'),
        ...(!tool.hosted && { outputSchema: shown(tool.output, 'output') }),
        scopeChallenge: requiring(tool, tool.name, exchange),
        _meta: metaOf(tool),
      },
      (input, { mcpReq }) => callTool(tool, input, mcpReq, exchange),
    );
  }
}

/** The tools that this caller could ever use: to be called, the one that is named, unless there is no such. */
function neededTools({ caller, message }: Exchange): readonly Tool[] {
  const usable = tools.filter((candidate) => mayEverCall(caller, candidate));
  const { name: named } = jsonMembers(message.params);
  const called = message.method === 'tools/call' ? usable.filter((tool) => tool.name === named) : [];
  return called.length > 0 ? called : usable;
}

/** What ChatGPT reads of a tool's needs, and the page that shows its output. OpenAI Apps SDK, Authentication; MCP Apps. */
function metaOf({ scope, app }: Tool): Record<string, unknown> {
  const signedIn = { type: 'oauth2', scopes: scope === 'public' ? [] : [scope] };
  const isOpen = scope === 'public' && opensPublicTools;
  return {
    securitySchemes: isOpen ? [{ type: 'noauth' }, signedIn] : [signedIn],
    ...(app && { ui: { resourceUri: app } }),
  };
}
