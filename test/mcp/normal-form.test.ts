import { describe, expect, test, vi } from 'vitest';
import { normalForm } from '../../lambdas/mcp/normal-form.ts';

/** What answers take from the settings, which are made only when a stack is synthesised. */
vi.mock('#generated', () => ({ ownsSubdomains: true }));

const request = (method: string, params: unknown) => ({ jsonrpc: '2.0', id: 1, method, params });
const capabilities = 'io.modelcontextprotocol/clientCapabilities';
const revision = 'io.modelcontextprotocol/protocolVersion';

describe('null counts as absent in a message', () => {
  test.for([
    ['parameters', request('tools/list', null), { jsonrpc: '2.0', id: 1, method: 'tools/list' }],
    ['a cursor', request('tools/list', { cursor: null }), request('tools/list', {})],
    ['meta', request('tools/list', { _meta: null }), request('tools/list', {})],
    [
      'what is in meta',
      request('tools/list', {
        _meta: { progressToken: null, [revision]: '2026-07-28', [capabilities]: { roots: null } },
      }),
      request('tools/list', { _meta: { [revision]: '2026-07-28', [capabilities]: {} } }),
    ],
    [
      'what a client can and is',
      request('initialize', {
        capabilities: { roots: null, sampling: { tools: null }, elicitation: { form: null, url: {} } },
        clientInfo: { name: 'x', version: '1', title: null, icons: [{ src: 'x', theme: null }] },
      }),
      request('initialize', {
        capabilities: { sampling: {}, elicitation: { url: {} } },
        clientInfo: { name: 'x', version: '1', icons: [{ src: 'x' }] },
      }),
    ],
    ['arguments', request('tools/call', { name: 'x', arguments: null }), request('tools/call', { name: 'x' })],
    [
      'arguments of a prompt',
      request('prompts/get', { name: 'x', arguments: { day: null, focus: 'y' } }),
      request('prompts/get', { name: 'x', arguments: { focus: 'y' } }),
    ],
    [
      'answers',
      request('tools/call', { name: 'x', inputResponses: null, requestState: null, task: null }),
      request('tools/call', { name: 'x' }),
    ],
    [
      'context',
      request('completion/complete', { ref: {}, argument: {}, context: { arguments: { day: null } } }),
      request('completion/complete', { ref: {}, argument: {}, context: { arguments: {} } }),
    ],
    [
      'what belongs to an answer',
      { ...request('ping', null), result: null, error: null },
      { jsonrpc: '2.0', id: 1, method: 'ping' },
    ],
    [
      'a reason',
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, reason: null } },
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } },
    ],
  ] as const)('%s', ([, message, expected]) => {
    expect(normalForm(message)).toEqual(expected);
    expect(Object.keys(normalForm(message))).toEqual(Object.keys(expected));
  });
});

describe('null stays where it means something', () => {
  test.for([
    ['an id', { jsonrpc: '2.0', id: null, method: 'ping' }],
    ['a frame that is none', { jsonrpc: null, id: 1, method: 'ping' }],
    ['a method that is none', { jsonrpc: '2.0', id: 1, method: null, params: null }],
    ['a result', { jsonrpc: '2.0', id: 1, result: null }],
    ['an error', { jsonrpc: '2.0', id: null, error: { code: 1, message: 'x', data: null } }],
    ['arguments of a tool', request('tools/call', { name: 'x', arguments: { notes: null, list: [{ a: null }] } })],
    [
      'what a person filled in',
      request('tools/call', { name: 'x', inputResponses: { confirm: { action: 'accept', content: { a: null } } } }),
    ],
    ['an item of a list', request('tools/list', { _meta: { list: [null] } })],
  ] as const)('%s', ([, message]) => {
    expect(normalForm(message)).toEqual(message);
    expect(JSON.stringify(normalForm(message))).toBe(JSON.stringify(message));
  });
});

describe('an empty list is an object without members, where an object stands', () => {
  test.for([
    ['parameters', request('tools/list', []), request('tools/list', {})],
    [
      'the parameters of a notification',
      { jsonrpc: '2.0', method: 'notifications/initialized', params: [] },
      { jsonrpc: '2.0', method: 'notifications/initialized', params: {} },
    ],
    [
      'what a client can',
      request('initialize', { capabilities: [], _meta: [] }),
      request('initialize', { capabilities: {}, _meta: {} }),
    ],
    [
      'each of what a client can',
      request('initialize', { capabilities: { experimental: [], sampling: [], elicitation: { form: [] } } }),
      request('initialize', { capabilities: { experimental: {}, sampling: {}, elicitation: { form: {} } } }),
    ],
    [
      'what a client can in meta',
      request('tools/list', { _meta: { [capabilities]: [] } }),
      request('tools/list', { _meta: { [capabilities]: {} } }),
    ],
    [
      'context',
      request('completion/complete', { context: { arguments: [] } }),
      request('completion/complete', { context: { arguments: {} } }),
    ],
    ['but not a list', request('initialize', { clientInfo: { icons: [] } }), undefined],
    ['nor a list with something in it', request('tools/list', [{}]), undefined],
    ['nor what a tool is given', request('tools/call', { arguments: { list: [], context: [] } }), undefined],
  ] as const)('%s', ([, message, expected]) => {
    expect(normalForm(message)).toEqual(expected ?? message);
  });
});

describe('how a client looks is left out where it cannot be shown', () => {
  const client = { name: 'x', version: '1' };
  const icons = [{ src: 'https://client.example/icon.png', sizes: ['48x48'] }];

  test.for([
    [{ ...client, icons: [{ src: 'x', sizes: '48x48' }] }, client],
    [{ ...client, icons: 'x', title: { en: 'X' }, description: 5, websiteUrl: false }, client],
    [
      { ...client, icons, title: 'X' },
      { ...client, icons, title: 'X' },
    ],
    [
      { ...client, version: 1 },
      { ...client, version: 1 },
    ],
  ])('%j', ([clientInfo, expected]) => {
    expect(normalForm(request('initialize', { clientInfo }))).toEqual(request('initialize', { clientInfo: expected }));
    const inMeta = (info: unknown) => request('tools/list', { _meta: { 'io.modelcontextprotocol/clientInfo': info } });
    expect(normalForm(inMeta(clientInfo))).toEqual(inMeta(expected));
  });
});

test('a notification may have null for the id that it has not', () => {
  const message = { jsonrpc: '2.0', id: null, method: 'notifications/initialized' };
  expect(normalForm(message)).toEqual({ jsonrpc: '2.0', method: 'notifications/initialized' });
});

describe('arguments in another form', () => {
  test.for([
    ['tools/call', '{"title":"x","notes":null}', { title: 'x', notes: null }],
    ['tools/call', '', ''],
    ['tools/call', 'x', 'x'],
    ['tools/call', '[]', '[]'],
    ['tools/call', '{"a":"\\ud800"}', '{"a":"\\ud800"}'],
    ['tools/call', [], {}],
    ['tools/call', [{}], [{}]],
    ['prompts/get', [], {}],
    ['prompts/get', { day: 5, focus: 'x' }, { day: 5, focus: 'x' }],
    ['prompts/get', { focus: 'x', thread: {}, chat_options: [], action: 'y' }, { focus: 'x', action: 'y' }],
    ['prompts/get', '{"day":"x","focus":null}', { day: 'x' }],
  ] as const)('%s: %j', ([method, given, expected]) => {
    expect(normalForm(request(method, { name: 'x', arguments: given }))).toEqual(
      request(method, { name: 'x', arguments: expected }),
    );
  });

  test('change no prototype', () => {
    const message = normalForm(
      JSON.parse('{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"__proto__":{"cursor":"x"}}}'),
    );
    expect((message.params as { readonly cursor?: string }).cursor).toBeUndefined();
  });
});
