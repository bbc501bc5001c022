import { describe, expect, test } from 'vitest';
import { requireOwnResource } from '#core/oauth/resource.ts';

const mcpUrl = 'https://mcp.example/mcp';

describe('resource indicators, RFC 8707 §2', () => {
  test.for([
    [[]],
    [['https://mcp.example/mcp']],
    [['https://mcp.example/mcp/']],
    [['https://mcp.example']],
    [['https://mcp.example/']],
    [['HTTPS://MCP.EXAMPLE/mcp']],
    [['https://mcp.example:443/mcp', 'https://mcp.example/']],
  ] as const)('takes %j', ([named]) => {
    expect(() => requireOwnResource(named, mcpUrl)).not.toThrow();
  });

  test.for([
    [['https://other.example/mcp']],
    [['https://mcp.example/mcp', 'https://other.example/mcp']],
    [['https://mcp.example/mcp-other']],
    [['https://mcp.example/MCP']],
    [['https://mcp.example/mcp?x=1']],
    [['https://mcp.example/mcp#part']],
    [['https://mcp.example/mcp#']],
    [['http://mcp.example/mcp']],
    [['https://mcp.example:8443/mcp']],
    [['https://user@mcp.example/mcp']],
    [['/mcp']],
    [['mcp']],
  ] as const)('refuses %j', ([named]) => {
    expect(() => requireOwnResource(named, mcpUrl)).toThrow(expect.objectContaining({ code: 'invalid_target' }));
  });
});
