import { createInterface } from 'node:readline';

/** A server that does what none should. Each of its tools is one of these things. */
const tools = [
  'count',
  'crash',
  'hang',
  'spin',
  'garbage',
  'flood',
  'large_text',
  'large_picture',
  'large_line',
  'deep',
  'half',
  'strange',
  'ask',
  'log',
  'environment',
  'refuse',
  'fail',
  'meta',
];
const inputSchema = { type: 'object', properties: { text: { type: 'string', description: 'Any text' } } };

const answers = new Map();
let calls = 0;
let asked = 0;

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

/** Asks the client for something, and gives what it says. */
function ask(method, params = {}) {
  asked += 1;
  const id = `own-${asked}`;
  send({ id, method, params });
  return new Promise((resolve) => answers.set(id, resolve));
}

const text = (words) => ({ content: [{ type: 'text', text: words }] });

async function call(id, name, given) {
  calls += 1;
  switch (name) {
    case 'count':
      return text(`${calls} ${given.text ?? ''}`);
    case 'crash':
      process.stderr.write('about to crash for somebody@example.com\n');
      process.exit(3);
      break;
    case 'hang':
      return new Promise(() => undefined);
    case 'spin':
      process.stderr.write('spinning\n');
      for (;;);
    case 'garbage':
      process.stdout.write('Listening on port 3000 …\n{"half": \n{"jsonrpc":"1.0"}\n[]\n\u0000\n');
      return text('after garbage');
    case 'flood':
      for (let line = 0; line < 2_000; line += 1) process.stderr.write(`line ${line}\n`);
      return text('after a flood');
    case 'large_text':
      return text('x'.repeat(200_000));
    case 'large_picture':
      return { content: [{ type: 'image', data: 'A'.repeat(2_000_000), mimeType: 'image/png' }] };
    case 'large_line':
      return text('x'.repeat(6_000_000));
    case 'deep':
      process.stdout.write(
        `{"jsonrpc":"2.0","id":${id},"result":{"content":[],"structuredContent":{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}}}\n`,
      );
      return undefined;
    case 'half':
      process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"\\ud800"}]}}\n`);
      return undefined;
    case 'strange':
      return { content: [{ type: 'hologram', data: 1 }] };
    case 'ask': {
      send({ method: 'notifications/message', params: { level: 'info', data: 'hello' } });
      send({ method: 'notifications/of-its-own' });
      const said = await Promise.all([
        ask('sampling/createMessage', { messages: [], maxTokens: 1 }),
        ask('elicitation/create', { message: 'Your password?', requestedSchema: { type: 'object', properties: {} } }),
        ask('roots/list'),
        ask('vestibule/secrets'),
        ask('ping'),
      ]);
      return text(JSON.stringify(said.map(({ error, result }) => error?.code ?? result)));
    }
    case 'log':
      process.stderr.write(`${given.text}\n`);
      return text('logged');
    case 'environment':
      return text(JSON.stringify(process.env));
    case 'refuse':
      return { ...text('Not today.'), isError: true };
    case 'meta':
      return {
        ...text('with more'),
        _meta: { 'mcp/www_authenticate': ['Bearer realm="elsewhere"'] },
        structuredContent: { a: 1 },
      };
    default:
      return undefined;
  }
}

createInterface(process.stdin).on('line', async (line) => {
  const { id, method, params, ...answer } = JSON.parse(line);
  if (method === undefined) return answers.get(id)?.(answer);
  if (method === 'initialize') {
    const serverInfo = { name: 'hostile', version: '1' };
    send({ id, result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo } });
  } else if (method === 'tools/list') {
    send({ id, result: { tools: tools.map((name) => ({ name, inputSchema })) } });
  } else if (method === 'tools/call') {
    if (params.name === 'fail') return send({ id, error: { code: -32603, message: 'It broke' } });
    const result = await call(id, params.name, params.arguments ?? {});
    if (result) send({ id, result });
  }
});
