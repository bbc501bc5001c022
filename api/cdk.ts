/** What an app of the CDK is made of. */
export { deployable } from '../lib/deployable.ts';
export { McpServer, type McpServerProperties } from '../lib/mcp-server.ts';
export { VestibuleStack } from '../lib/stack.ts';
