/** Lets web pages read an answer, and the headers that tell a client how to go on. */
export const readableByAnyOrigin = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'WWW-Authenticate, DPoP-Nonce, Retry-After, Mcp-Session-Id, MCP-Protocol-Version',
};
