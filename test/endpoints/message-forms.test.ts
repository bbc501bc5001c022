import { beforeAll, describe, expect, inject, test } from 'vitest';
import { connect } from '../support/flow.ts';
import { Generator } from '../support/generator.ts';
import { type Answer, eras, outputOf, readAnswer, revision } from '../support/mcp.ts';
import { postRaw } from '../support/raw.ts';
import { later } from '../support/redemption.ts';

const issuer = inject('issuer');

let token: string;
beforeAll(async () => {
  token = (await connect(issuer)).tokens.access_token;
});

const meta = {
  'io.modelcontextprotocol/protocolVersion': revision,
  'io.modelcontextprotocol/clientCapabilities': {},
};
type Era = 'the 2025 revisions' | 'revision 2026-07-28';

/** Posts a request with these headers alone, beside the token. A header that came twice is sent twice. */
function post(era: Era, method: string, params: object, headers: readonly (readonly [string, string])[]) {
  const isModern = era === 'revision 2026-07-28';
  const { name: named } = { name: undefined, ...params };
  const name =
    typeof named === 'string' && String(named).isWellFormed() ? [['Mcp-Name', encodeURI(named)] as const] : [];
  const modern = [['Mcp-Protocol-Version', revision], ['Mcp-Method', method], ...name] as const;
  const all = [['Authorization', `Bearer ${token}`], ...(isModern ? modern : []), ...headers] as const;
  const whole = isModern ? { _meta: meta, ...params } : params;
  return postRaw(issuer, '/mcp', all, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: whole }));
}

const asJson = ['Content-Type', 'application/json'] as const;
const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } };

describe.concurrent.for(eras.map(([era]) => era))('content negotiation, RFC 9110 §12.5.1, in %s', (era) => {
  const [method, params] =
    era === 'the 2025 revisions' ? (['initialize', hello] as const) : (['server/discover', {}] as const);

  test.for([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['application/json', 'application/json'],
    ['Application/JSON; charset=utf-8', 'application/json'],
    ['application/json, text/event-stream', 'application/json'],
    ['text/event-stream;q=1, application/json;q=0.1', 'application/json'],
    ['text/event-stream', 'text/event-stream'],
    ['text/*;q=0.5', 'text/event-stream'],
    ['*/*, application/json;q=0', 'text/event-stream'],
  ] as const)('Accept: %s is answered with %s', async ([accept, form]) => {
    const headers = accept === undefined ? [asJson] : [asJson, ['Accept', accept] as const];
    const { status, contentType, body } = await post(era, method, params, headers);
    expect([status, contentType]).toEqual([200, form]);
    expect(body.startsWith('event: message\ndata: {')).toBe(form === 'text/event-stream');
    expect(JSON.parse(body.replace(/^event: message\ndata: /, ''))).toMatchObject({
      id: 1,
      result: expect.any(Object),
    });
  });

  test('a header that is sent twice counts as one', async () => {
    const accepts = [
      ['Accept', 'text/html'],
      ['Accept', 'text/event-stream'],
    ] as const;
    expect((await post(era, method, params, [asJson, ...accepts])).contentType).toBe('text/event-stream');
  });

  test.for(['text/html', 'application/json;q=0', '*/*;q=0', 'text/event-stream;q=0, application/json;q=0.0'])(
    'Accept: %s takes nothing that could be answered',
    async (accept) => {
      const { status, contentType, body } = await post(era, method, params, [asJson, ['Accept', accept]]);
      expect([status, contentType]).toEqual([406, 'application/json']);
      expect(JSON.parse(body)).toMatchObject({ error: { message: expect.stringContaining('Accept') } });
    },
  );

  test.for([
    ['application/json, text/event-stream', 'text/event-stream'],
    ['*/*', 'text/event-stream'],
    ['application/json', 'application/json'],
    ['*/*, text/event-stream;q=0', 'application/json'],
  ] as const)('who asks for progress and takes %s is answered with %s', async ([accept, form]) => {
    const call = {
      name: 'export_report',
      arguments: { what: 'audit' },
      _meta: { ...(era === 'the 2025 revisions' ? {} : meta), progressToken: 7 },
    };
    const { contentType, body } = await post(era, 'tools/call', call, [asJson, ['Accept', accept]]);
    expect(contentType).toBe(form);
    expect(body.includes('notifications/progress')).toBe(form === 'text/event-stream');
    expect(body).toContain('"structuredContent":{"name":"audit-mine.csv"');
  });

  test('a notification has no answer that could be in a wrong form', async () => {
    const message = {
      jsonrpc: '2.0',
      method: 'notifications/initialized',
      params: era === 'the 2025 revisions' ? {} : { _meta: meta },
    };
    const headers = [['Authorization', `Bearer ${token}`], asJson, ['Accept', 'text/html']] as const;
    for (const sent of [message, { ...message, id: null }])
      expect(await postRaw(issuer, '/mcp', headers, JSON.stringify(sent))).toMatchObject({ status: 202, body: '' });
  });

  test('a line separator within a text breaks no event', async () => {
    const call = { name: 'echo', arguments: { message: 'one\u2028two\u2029three\r\nfour' } };
    for (const accept of ['application/json', 'text/event-stream']) {
      const { body } = await post(era, 'tools/call', call, [asJson, ['Accept', accept]]);
      const message = JSON.parse(body.replace(/^event: message\ndata: /, ''));
      expect(message.result.structuredContent).toEqual(call.arguments);
    }
  });

  test.for([
    'application/json;charset=UTF-8',
    'APPLICATION/JSON ; charset="utf-8"; x=y',
    'application/json, application/json',
  ])('the body may be of type %s', async (type) => {
    expect((await post(era, method, params, [['Content-Type', type]])).status).toBe(200);
  });

  test.for(['application/json, text/plain', 'text/json', 'application/json+x', 'json'])(
    'the body must not be of type %s',
    async (type) => {
      expect((await post(era, method, params, [['Content-Type', type]])).status).toBe(415);
    },
  );
});

/** A refusal that a person or a model can act on, and that says nothing of what checks it. */
function expectSentence({ message }: Answer, sentence: string): void {
  expect(message.error).toMatchObject({ code: -32_602, message: expect.stringContaining(sentence) });
  expect(message.error?.message).not.toMatch(/zod|invalid_type|"code"|expected|received|internal|[[{]\s*"/i);
}

describe.concurrent.for(eras)('messages in %s', ([, ask]) => {
  const asked = (method: string, params: object = {}) => ask(issuer, token, method, params);

  test.for([
    ['tools/list', { cursor: null }],
    ['tools/list', { _meta: null, unknown: null }],
    ['prompts/list', { cursor: null }],
    ['resources/list', { cursor: null }],
    ['resources/templates/list', { cursor: null }],
    ['tools/call', { name: 'whoami', arguments: null }],
    ['tools/call', { name: 'whoami', inputResponses: null, requestState: null, task: null }],
    ['prompts/get', { name: 'plan_my_day', arguments: null }],
    ['prompts/get', { name: 'plan_my_day', arguments: { day: null, focus: null, timeZone: null } }],
    [
      'completion/complete',
      {
        ref: { type: 'ref/prompt', name: 'plan_my_day', title: null },
        argument: { name: 'focus', value: '' },
        context: null,
      },
    ],
    ['tools/list', []],
    ['tools/call', { name: 'whoami', arguments: [] }],
    ['prompts/get', { name: 'plan_my_day', arguments: [] }],
  ] as const)(
    'null counts as absent, and an empty list as an object without members: %s %j',
    async ([method, params]) => {
      const { status, message } = await asked(method, params);
      expect([status, message.error]).toEqual([200, undefined]);
      expect(message.result?.isError).not.toBe(true);
    },
  );

  test.for([
    ['tools/list', { cursor: 'made-up' }, 'The cursor is not one that this server gave'],
    ['tools/list', { cursor: '' }, 'The cursor is not one that this server gave'],
    ['tools/list', { cursor: { a: 1 } }, 'The cursor is not one that this server gave'],
    ['prompts/list', { cursor: 'AAAA' }, 'The cursor is not one that this server gave'],
    ['resources/templates/list', { cursor: 'x' }, 'The cursor is not one that this server gave'],
    ['resources/list', { cursor: 'x' }, 'The cursor is not one that this server gave'],
    ['resources/list', { cursor: '' }, 'The cursor is not one that this server gave'],
    [
      'resources/list',
      { cursor: Buffer.from('todo://x').toString('base64url') },
      'The cursor is not one that this server gave',
    ],
    ['resources/list', { cursor: 5 }, 'cursor must be a text.'],
    ['tools/call', { name: 'whoami', arguments: ['x'] }, 'arguments must be an object.'],
    ['tools/call', { name: 'whoami', arguments: 'x' }, 'arguments must be an object.'],
    ['tools/call', { name: 'whoami', arguments: 5 }, 'arguments must be an object.'],
    ['tools/call', {}, 'name is missing: it must be a text.'],
    ['tools/call', { name: null }, 'name is missing: it must be a text.'],
    ['tools/call', { name: 'whoami', requestState: 5 }, 'requestState must be a text.'],
    ['tools/call', { name: 'no_such_tool' }, 'Tool no_such_tool not found'],
    ['prompts/get', { name: 'plan_my_day', arguments: 'x' }, 'arguments must be an object.'],
    ['prompts/get', { name: 'plan_my_day', arguments: { day: [] } }, 'arguments.day must be a text.'],
    [
      'prompts/get',
      { name: 'plan_my_day', arguments: { focus: 'x'.repeat(1_001) } },
      'focus must have at most 1000 characters.',
    ],
    ['prompts/get', { name: 'plan_my_day', arguments: { day: 'tomorrow' } }, 'day must be a day, as YYYY-MM-DD.'],
    ['prompts/get', { name: 'no_such_prompt' }, 'Prompt no_such_prompt not found'],
    ['resources/read', {}, 'uri is missing: it must be a text of at most 4000 characters.'],
    ['resources/read', { uri: `todo://${'x'.repeat(4_000)}` }, 'uri must be a text of at most 4000 characters.'],
    ['resources/read', { uri: 'no uri' }, 'is invalid'],
    ['completion/complete', {}, 'ref is missing: it must be an object.'],
    [
      'completion/complete',
      { ref: { type: 'ref/tool', name: 'x' }, argument: { name: 'x', value: '' } },
      'ref.type must be one of ref/prompt, ref/resource.',
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'plan_my_day' }, argument: { name: 'focus' } },
      'argument.value is missing: it must be a text.',
    ],
  ] as const)('a wrong shape is refused in a sentence: %s %j', async ([method, params, sentence]) => {
    const answer = await asked(method, params);
    expect(answer.status).toBe(200);
    expectSentence(answer, sentence);
  });

  test('arguments may be JSON in a text', async () => {
    const call = { name: 'echo', arguments: '{"message":"hello"}' };
    expect(outputOf(await asked('tools/call', call))).toEqual({ message: 'hello' });
    const prompt = { name: 'plan_my_day', arguments: '{"day":"2026-11-20","focus":null}' };
    expect((await asked('prompts/get', prompt)).message.result).toHaveProperty('messages');
  });
});

test('a header of the revision that is empty is as none', async () => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
  const headers = [['Authorization', `Bearer ${token}`], asJson, ['Mcp-Protocol-Version', '']] as const;
  expect((await postRaw(issuer, '/mcp', headers, body)).status).toBe(200);
});

describe.concurrent('the first message of the 2025 revisions', () => {
  const initialize = async (changes: object) => {
    const headers = [['Authorization', `Bearer ${token}`], asJson] as const;
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { ...hello, ...changes } });
    return postRaw(issuer, '/mcp', headers, body);
  };

  test.for([
    {
      capabilities: {
        roots: null,
        sampling: null,
        elicitation: null,
        experimental: null,
        tasks: null,
        extensions: null,
      },
    },
    { capabilities: { elicitation: { form: null, url: null }, roots: { listChanged: null } } },
    { clientInfo: { name: 'x', version: '1', title: null, description: null, websiteUrl: null, icons: null } },
    { _meta: null },
    { capabilities: [], _meta: [] },
    { clientInfo: { name: 'x', version: '1', icons: [{ src: 'https://client.example/x.png', sizes: '48x48' }] } },
    { capabilities: { roots: [], sampling: [], elicitation: [], experimental: [], tasks: [], extensions: [] } },
  ])('may have null for what it leaves out, and a list for an object without members: %j', async (changes) => {
    const { status, body } = await initialize(changes);
    expect([status, JSON.parse(body).result?.protocolVersion]).toEqual([200, '2025-06-18']);
  });

  test.for([
    [{ protocolVersion: null }, 'protocolVersion is missing: it must be a text.'],
    [{ protocolVersion: 2025 }, 'protocolVersion must be a text.'],
    [{ capabilities: null }, 'capabilities is missing: it must be an object.'],
    [{ capabilities: ['roots'] }, 'capabilities must be an object.'],
    [{ clientInfo: null }, 'clientInfo is missing: it must be an object.'],
    [{ clientInfo: { name: 'x' } }, 'clientInfo.version is missing: it must be a text.'],
    [{ clientInfo: { name: 'x', version: 1 } }, 'clientInfo.version must be a text.'],
  ] as const)('is refused in a sentence: %j', async ([changes, sentence]) => {
    const { status, body } = await initialize(changes);
    expect([status, JSON.parse(body).error]).toEqual([200, { code: -32_602, message: sentence }]);
  });

  test.for(['2026-07-28', '2099-01-01', 'draft', ''])(
    'settles the revision, whatever its header says: %j',
    async (version) => {
      const headers = [['Authorization', `Bearer ${token}`], asJson, ['Mcp-Protocol-Version', version]] as const;
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: hello });
      const answer = await postRaw(issuer, '/mcp', headers, body);
      expect([answer.status, JSON.parse(answer.body).result?.protocolVersion]).toEqual([200, '2025-06-18']);
    },
  );

  test('may carry the empty members of an answer', async () => {
    const message = { jsonrpc: '2.0', id: 1, method: 'ping', params: null, result: null, error: null };
    const answer = await postRaw(
      issuer,
      '/mcp',
      [['Authorization', `Bearer ${token}`], asJson],
      JSON.stringify(message),
    );
    expect(JSON.parse(answer.body)).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
  });
});

describe.concurrent('what each request of revision 2026-07-28 carries', () => {
  const asked = async (envelope: object) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'mcp-protocol-version': revision,
      'mcp-method': 'tools/list',
    };
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/list',
      params: { _meta: { ...meta, ...envelope } },
    });
    return readAnswer(await fetch(`${issuer}/mcp`, { method: 'POST', headers, body }));
  };

  test.for([
    { 'io.modelcontextprotocol/clientInfo': null },
    { 'io.modelcontextprotocol/clientInfo': { name: 'x', version: '1', title: null, icons: null } },
    { 'io.modelcontextprotocol/clientCapabilities': { elicitation: null, roots: null, sampling: { tools: null } } },
    { 'io.modelcontextprotocol/logLevel': null, progressToken: null, 'com.example/mine': null },
  ])('may have null for what it leaves out: %j', async (envelope) => {
    expect((await asked(envelope)).message.result).toHaveProperty('tools');
  });

  test.for([
    [{ 'io.modelcontextprotocol/clientInfo': 'x' }, 'clientInfo must be an object.'],
    [
      { 'io.modelcontextprotocol/clientCapabilities': { elicitation: 'x' } },
      'clientCapabilities.elicitation must be an object.',
    ],
    [{ 'io.modelcontextprotocol/logLevel': 'loud' }, 'logLevel must be one of debug,'],
    [{ progressToken: [] }, '_meta.progressToken must be a text of at most 256 characters or a whole number.'],
  ] as const)('is refused in a sentence: %j', async ([envelope, sentence]) => {
    const answer = await asked(envelope);
    expect(answer.status).toBe(400);
    expectSentence(answer, sentence);
  });
});

describe('requests with members that nobody thought of', () => {
  const seed = Number(process.env.SEED ?? 20_261_120);
  const names = [
    'name',
    'arguments',
    'cursor',
    'uri',
    'ref',
    'argument',
    'context',
    'capabilities',
    'clientInfo',
    '_meta',
  ];
  const methods = [
    'initialize',
    'tools/list',
    'tools/call',
    'prompts/list',
    'prompts/get',
    'resources/list',
    'resources/read',
  ];
  const more = ['resources/templates/list', 'completion/complete', 'ping', 'server/discover', 'subscriptions/listen'];

  test(`are never told what checks them, from seed ${seed}`, async () => {
    const random = new Generator(seed);
    for (let count = 0; count < 200; count += 1) {
      const [era] = random.pick(eras);
      const known = random.below(2) === 0 ? { name: random.pick(['echo', 'plan_my_day']), uri: 'todo://x' } : {};
      const made = Object.fromEntries(
        Array.from({ length: 1 + random.below(4) }, () => [random.pick(names), random.json(3)]),
      );
      const params = { ...known, ...made };
      const clock = Object.entries(later(60 * Math.floor(count / 50)));
      const { body } = await post(era, random.pick([...methods, ...more]), params, [asJson, ...clock]);
      expect(body, JSON.stringify(params)).not.toMatch(/-32603|Internal error|ZodError|invalid_type|unrecognized_keys/);
    }
  });
});
