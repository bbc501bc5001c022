import { env } from './env.ts';
import { paths } from './routes.ts';

/** This server's URL, the same string everywhere: from the settings, never from a request. RFC 8414 §2. */
export const issuer = env('ISSUER');

/** The MCP endpoint's URL: the one resource that tokens are for. RFC 8707 §2. */
export const mcpUrl = `${issuer}${paths.mcp}`;

/** Where the MCP endpoint says how to sign in. RFC 9728 §3.1. */
export const resourceMetadataUrl = `${issuer}${paths.protectedResourceOfMcp}`;
