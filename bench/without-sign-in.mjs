/* The MCP SDK's server as its documentation shows it, with one tool, for everybody: neither sign-in nor table nor audit. */
import { createServer } from 'node:http';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'plain', version: '1.0.0' });
  const described = { description: 'Lists todos', inputSchema: z.object({ limit: z.number().optional() }) };
  server.registerTool('list_todos', described, () => ({ content: [{ type: 'text', text: '{"todos":[]}' }] }));
  return server;
});

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method, headers } = request;
  const asked = new Request(`http://localhost${request.url}`, { method, headers, body: Buffer.concat(chunks) });
  const answer = await handler.fetch(asked);
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
