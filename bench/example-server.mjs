/* The MCP SDK's server as its documentation shows it, with two tools, for everybody: neither sign-in nor table nor audit. */
import { randomUUID } from 'node:crypto';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';

const todo = z.object({ id: z.string(), title: z.string() });
const listTodos = {
  description: 'Lists todos',
  inputSchema: z.object({ limit: z.number().optional() }),
  outputSchema: z.object({ todos: z.array(todo) }),
};
const createTodo = { description: 'Creates a todo', inputSchema: z.object({ title: z.string() }), outputSchema: todo };

/** A result as the documentation has it: the text for models, and the same for programs. */
const result = (output) => ({
  content: [{ type: 'text', text: JSON.stringify(output) }],
  structuredContent: output,
});

const mcp = createMcpHandler(() => {
  const server = new McpServer({ name: 'example', version: '1.0.0' });
  server.registerTool('list_todos', listTodos, () => result({ todos: [] }));
  server.registerTool('create_todo', createTodo, ({ title }) => result({ id: randomUUID(), title }));
  return server;
});

/** Answers a web request. */
export const answer = (request) => mcp.fetch(request);

/** Answers an event of API Gateway, as a Lambda with nothing else in it would. */
export async function handler({ headers, body }) {
  const response = await answer(new Request('http://localhost/mcp', { method: 'POST', headers, body }));
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}
