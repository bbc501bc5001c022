/** Lets web pages read an answer, and the headers that tell a client how to go on. */
export const readableByAnyOrigin = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'WWW-Authenticate, Retry-After, Mcp-Session-Id, MCP-Protocol-Version',
};

/** The answer to a preflight. `*` does not cover Authorization, and some clients look for their headers by name. */
export const preflightHeaders = {
  ...readableByAnyOrigin,
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE',
  'access-control-allow-headers':
    'Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID, *',
  'access-control-max-age': '3600',
};
