/** How a server of others becomes part of this one, in a Lambda of its own. */
export { defineServer, type Server, serverTool } from '../tools/upstream/server.ts';
