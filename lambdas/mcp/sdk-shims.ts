/**
 * What the MCP SDK takes from the platform, bundled in place of its own module for Node.js. That one brings Ajv, a fifth
 * of the bundle: zod checks what tools are given, and only what a person fills in when asked is left for this validator.
 */
export { CfWorkerJsonSchemaValidator as DefaultJsonSchemaValidator } from '@modelcontextprotocol/server/validators/cf-worker';
