import { readableByAnyOrigin } from './cors.ts';

/** The answer to a preflight. `*` does not cover Authorization, and some clients look for their headers by name. */
export const preflightHeaders = {
  ...readableByAnyOrigin,
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE',
  'access-control-allow-headers':
    'Authorization, DPoP, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID, *',
  'access-control-max-age': '3600',
};
