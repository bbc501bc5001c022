import { McpServer, type ScopeChallengeHandler } from '@modelcontextprotocol/server';
import { allows } from '#core/oauth/scope.ts';
import { scopes as catalogue, name } from '#generated';
import type { Tool } from '#tools/define-tool.ts';
import type { ToolCall } from './tool-call.ts';

/** `listChanged: true` would have clients hold a Lambda open for news that never comes. */
const capabilities = { tools: { listChanged: false } };
const identity = { name: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'), title: name, version: '0.1.0' };

/** A server with these tools, for one request. MCP 2026-07-28, Tools. */
export function mcpServer(tools: readonly Tool[], toolCall: ToolCall): McpServer {
  const server = new McpServer(identity, { capabilities });
  for (const tool of tools) {
    const { title, description, annotations } = tool;
    server.registerTool(
      tool.name,
      {
        ...{ title, description, annotations, inputSchema: tool.input, outputSchema: tool.output },
        scopeChallenge: requiring(tool, toolCall),
        _meta: { securitySchemes: [{ type: 'oauth2', scopes: tool.scope === 'public' ? [] : [tool.scope] }] },
      },
      (input) => toolCall.run(tool, input),
    );
  }
  return server;
}

/** A person may grant what is missing, so the client is told all that it needs, with what it has. RFC 6750 §3.1. */
function requiring(tool: Tool, toolCall: ToolCall): ScopeChallengeHandler {
  return async ({ authInfo }) => {
    const granted = authInfo?.scopes ?? [];
    if (allows(granted, tool.scope, catalogue)) return undefined;
    await toolCall.deny(tool);
    return { scopes: [tool.scope, ...granted] };
  };
}
