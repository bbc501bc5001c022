import { describe, expect, test, vi } from 'vitest';
import { faultIn } from '../../lambdas/mcp/message-shapes.ts';

/** What answers take from the settings, which are made only when a stack is synthesised. */
vi.mock('#generated', () => ({ ownsSubdomains: true }));

const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};
const in2025 = (method: string, params?: unknown) => faultIn({ jsonrpc: '2.0', id: 1, method, params });
const in2026 = (method: string, params: object = {}) => in2025(method, { _meta: meta, ...params });

const client = { name: 'x', version: '1' };
const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: client };
const prompt = { ref: { type: 'ref/prompt', name: 'x' }, argument: { name: 'day', value: '' } };

describe('requests of the right shape', () => {
  test.for([
    ['initialize', hello],
    ['initialize', { ...hello, capabilities: { roots: { listChanged: true }, experimental: { x: {} }, other: 5 } }],
    [
      'initialize',
      { ...hello, clientInfo: { ...client, icons: [{ src: 'x', sizes: ['any'], theme: 'dark' }], more: 5 } },
    ],
    ['ping', undefined],
    ['ping', {}],
    ['tools/list', { _meta: { progressToken: 'x'.repeat(256) }, unknown: 5 }],
    ['tools/call', { name: 'x' }],
    ['tools/call', { name: 'x', arguments: { any: [1] }, _meta: { progressToken: 0, 'com.example/x': [] } }],
    ['prompts/get', { name: 'x', arguments: { day: '' } }],
    ['resources/list', { cursor: 'x' }],
    ['resources/read', { uri: 'todo://x' }],
    ['completion/complete', prompt],
    ['completion/complete', { ref: { type: 'ref/resource', uri: 'x' }, argument: prompt.argument, context: {} }],
  ] as const)('%s %j', ([method, params]) => {
    expect(in2025(method, params)).toBeUndefined();
  });

  test.for([
    ['server/discover', {}],
    ['subscriptions/listen', { notifications: { toolsListChanged: true, resourceSubscriptions: ['x'] } }],
    ['tools/call', { name: 'x', inputResponses: { confirm: {} }, requestState: 'x' }],
  ] as const)('%s %j, in 2026-07-28', ([method, params]) => {
    expect(in2026(method, params)).toBeUndefined();
  });
});

describe('requests of a wrong shape', () => {
  const ofBoth = [
    ['tools/list', { cursor: 'made-up' }, 'The cursor is not one that this server gave: start again without it.'],
    ['prompts/list', { cursor: '' }, 'The cursor is not one that this server gave: start again without it.'],
    ['resources/templates/list', { cursor: 7 }, 'The cursor is not one that this server gave: start again without it.'],
    ['resources/list', { cursor: 7 }, 'cursor must be a text.'],
    ['tools/call', {}, 'name is missing: it must be a text.'],
    ['tools/call', { name: 7 }, 'name must be a text.'],
    ['tools/call', { name: { toString: 1 } }, 'name must be a text.'],
    ['tools/call', { name: 'x', arguments: 'y' }, 'arguments must be an object.'],
    ['tools/call', { name: 'x', arguments: [] }, 'arguments must be an object.'],
    ['tools/call', { name: 'x', requestState: {} }, 'requestState must be a text.'],
    ['tools/call', { name: 'x', inputResponses: { a: 5 } }, 'inputResponses.a must be an object.'],
    ['tools/call', { name: 'x', task: { ttl: 'x' } }, 'task.ttl must be a number.'],
    ['prompts/get', { name: [] }, 'name must be a text.'],
    ['prompts/get', { name: 'x', arguments: { day: true } }, 'arguments.day must be a text.'],
    ['resources/read', { uri: 7 }, 'uri must be a text of at most 4000 characters.'],
    ['resources/read', { uri: 'x'.repeat(4_001) }, 'uri must be a text of at most 4000 characters.'],
    ['resources/read', {}, 'uri is missing: it must be a text of at most 4000 characters.'],
    ['completion/complete', { argument: prompt.argument }, 'ref is missing: it must be an object.'],
    ['completion/complete', { ...prompt, ref: 'x' }, 'ref must be an object.'],
    ['completion/complete', { ...prompt, ref: { type: 'x' } }, 'ref.type must be one of ref/prompt, ref/resource.'],
    [
      'completion/complete',
      { ...prompt, ref: { type: { toString: 1 } } },
      'ref.type must be one of ref/prompt, ref/resource.',
    ],
    ['completion/complete', { ...prompt, ref: { type: 'ref/resource' } }, 'ref.uri is missing: it must be a text.'],
    ['completion/complete', { ...prompt, argument: { name: 'x' } }, 'argument.value is missing: it must be a text.'],
    ['completion/complete', { ...prompt, context: { arguments: { a: 5 } } }, 'context.arguments.a must be a text.'],
  ] as const;

  test.for(ofBoth)('%s %j, in both eras', ([method, params, sentence]) => {
    expect(in2025(method, params)).toEqual({ sentence, status: 200 });
    expect(in2026(method, params)).toEqual({ sentence, status: 200 });
  });

  test.for([
    ['tools/list', 'x', 'params must be an object.'],
    ['tools/call', undefined, 'name is missing: it must be a text.'],
    ['ping', [], 'params must be an object.'],
    ['initialize', {}, 'protocolVersion is missing: it must be a text.'],
    ['initialize', { ...hello, protocolVersion: 1 }, 'protocolVersion must be a text.'],
    ['initialize', { ...hello, capabilities: [] }, 'capabilities must be an object.'],
    ['initialize', { ...hello, capabilities: { roots: true } }, 'capabilities.roots must be an object.'],
    [
      'initialize',
      { ...hello, capabilities: { roots: { listChanged: 'yes' } } },
      'capabilities.roots.listChanged must be true or false.',
    ],
    [
      'initialize',
      { ...hello, capabilities: { experimental: { x: 1 } } },
      'capabilities.experimental.x must be an object.',
    ],
    ['initialize', { ...hello, clientInfo: 'x' }, 'clientInfo must be an object.'],
    ['initialize', { ...hello, clientInfo: { name: 'x' } }, 'clientInfo.version is missing: it must be a text.'],
    ['initialize', { ...hello, clientInfo: { ...client, icons: 'x' } }, 'clientInfo.icons must be a list.'],
    [
      'initialize',
      { ...hello, clientInfo: { ...client, icons: [{}] } },
      'clientInfo.icons[0].src is missing: it must be a text.',
    ],
  ] as const)('%s %j', ([method, params, sentence]) => {
    expect(in2025(method, params)).toEqual({ sentence, status: 200 });
  });

  test.for([
    [{ progressToken: {} }, '_meta.progressToken must be a text of at most 256 characters or a whole number.'],
    [{ progressToken: 1.5 }, '_meta.progressToken must be a text of at most 256 characters or a whole number.'],
    [
      { progressToken: 'x'.repeat(257) },
      '_meta.progressToken must be a text of at most 256 characters or a whole number.',
    ],
    [{ 'io.modelcontextprotocol/protocolVersion': 5 }, '_meta.io.modelcontextprotocol/protocolVersion must be a text.'],
    [
      { 'io.modelcontextprotocol/clientCapabilities': 'x' },
      '_meta.io.modelcontextprotocol/clientCapabilities must be an object.',
    ],
    [
      { 'io.modelcontextprotocol/clientInfo': { name: 'x' } },
      '_meta.io.modelcontextprotocol/clientInfo.version is missing: it must be a text.',
    ],
    [
      { 'io.modelcontextprotocol/logLevel': 'loud' },
      '_meta.io.modelcontextprotocol/logLevel must be one of debug, info, notice, warning, error, critical, alert, emergency.',
    ],
  ] as const)('meta with %j: the request itself is bad, RFC 9110 §15.5.1', ([wrong, sentence]) => {
    expect(in2026('tools/list', { _meta: { ...meta, ...wrong } })).toEqual({ sentence, status: 400 });
  });

  test('meta that is none', () => {
    expect(in2025('tools/list', { _meta: 'x' })).toEqual({ sentence: '_meta must be an object.', status: 400 });
  });

  test('names that a client makes up are told in part', () => {
    const fault = in2025('prompts/get', { name: 'x', arguments: { ['x'.repeat(10_000)]: 5 } });
    expect(fault?.sentence.length).toBeLessThan(120);
  });
});

describe('what is left to the SDK', () => {
  test.for([
    ['no JSON-RPC', { jsonrpc: '1.0', id: 1, method: 'tools/call' }],
    ['an id of null', { jsonrpc: '2.0', id: null, method: 'tools/call' }],
    ['a notification', { jsonrpc: '2.0', method: 'tools/call' }],
    ['an answer', { jsonrpc: '2.0', id: 1, result: {} }],
    ['a method that nobody serves', { jsonrpc: '2.0', id: 1, method: 'no/such', params: 'x' }],
    ['a method of a prototype', { jsonrpc: '2.0', id: 1, method: 'toString', params: 'x' }],
    ['a method of 2026-07-28 in 2025', { jsonrpc: '2.0', id: 1, method: 'server/discover', params: 'x' }],
    ['a method of 2025 in 2026-07-28', { jsonrpc: '2.0', id: 1, method: 'initialize', params: { _meta: meta } }],
  ] as const)('%s', ([, message]) => {
    expect(faultIn(message)).toBeUndefined();
  });
});
