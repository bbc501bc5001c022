import { env, optionalEnv } from './env.ts';
import { paths } from './routes.ts';

/** The authorization server's URL, the same string everywhere: from the settings, never from a request. RFC 8414 §2. */
export const issuer = env('ISSUER');

/** Where the MCP server is: the issuer too, unless the settings give that a host of its own. */
export const mcpOrigin = optionalEnv('MCP_ORIGIN') || issuer;

/** The MCP endpoint's URL: the one resource that tokens are for. RFC 8707 §2. */
export const mcpUrl = `${mcpOrigin}${paths.mcp}`;
