/* The MCP SDK's example server in a process of its own. */
import { createServer } from 'node:http';
import { answer } from './example-server.mjs';

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method, headers } = request;
  const asked = new Request(`http://localhost${request.url}`, { method, headers, body: Buffer.concat(chunks) });
  const answered = await answer(asked);
  response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(await answered.text());
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
