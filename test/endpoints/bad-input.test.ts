import { beforeAll, describe, expect, inject, test } from 'vitest';
import { connect, newSourceIp, postMcp, register } from '../support/flow.ts';
import { Generator } from '../support/generator.ts';
import { newTodo, titles } from '../support/mcp.ts';
import { postRaw, type RawAnswer } from '../support/raw.ts';
import { later } from '../support/redemption.ts';

const issuer = inject('issuer');
const form = 'application/x-www-form-urlencoded';

let token: string;
let clientId: string;
beforeAll(async () => {
  const connection = await connect(issuer);
  token = connection.tokens.access_token;
  clientId = connection.clientId;
});

/** What every answer must be, however absurd the request: no failure of ours, in JSON, and with nothing of our insides. */
function expectSound({ status, contentType, body }: RawAnswer): void {
  expect(status, body).toBeGreaterThanOrEqual(200);
  expect(status, body).toBeLessThan(500);
  expect(body).not.toMatch(/ at .+:\d+:\d+|node:internal|node_modules|Exception|dynamodb|\.ts\b|\/var\/task/i);
  if (body && !/^event: message\r?\ndata: \{/.test(body)) {
    expect(contentType).toMatch(/^application\/json/);
    expect(JSON.parse(body)).toBeTypeOf('object');
  }
}

/** A refusal in the form of the OAuth endpoints. */
function expectOAuthError(answer: RawAnswer): void {
  expectSound(answer);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(JSON.parse(answer.body)).toEqual({ error: expect.any(String), error_description: expect.any(String) });
}

/** A refusal in the form of the MCP endpoint. */
function expectJsonRpcError(answer: RawAnswer): void {
  expectSound(answer);
  const [, event] = /^data: (.*)$/m.exec(answer.body) ?? [];
  const message = JSON.parse(event ?? answer.body) as {
    readonly jsonrpc: string;
    readonly error?: object;
    readonly result?: object;
  };
  expect(message.jsonrpc).toBe('2.0');
  expect(message.error ?? message.result).toMatchObject(
    message.error ? { message: expect.any(String) } : { isError: true },
  );
}

const postForm = (path: string, body: Buffer | string, headers: readonly (readonly [string, string])[] = []) =>
  postRaw(issuer, path, [['Content-Type', form], ...headers], body);

const postJson = (body: Buffer | string, headers: readonly (readonly [string, string])[] = []) =>
  postRaw(
    issuer,
    '/mcp',
    [
      ['Content-Type', 'application/json'],
      ['Accept', 'application/json, text/event-stream'],
      ['Authorization', `Bearer ${token}`],
      ...headers,
    ],
    body,
  );

describe.concurrent.for(['/token', '/revoke'])('bodies that no client should send to %s (H03)', (path) => {
  const bodies = [
    ['nothing', ''],
    ['what is JSON', '{"grant_type":"refresh_token"}'],
    ['separators alone', '&&==&=&'],
    ['broken escapes', 'grant_type=%&client_id=%zz&token=%e'],
    ['broken UTF-8', Buffer.from('grant_type=\xff\xfe&token=\xc0\x80', 'latin1')],
    ['broken UTF-8 in escapes', 'grant_type=%ff%fe&token=%c0%80&client_id=%ff'],
    ['half a surrogate pair', 'grant_type=refresh_token&client_id=%ed%a0%80&token=%ed%a0%80'],
    ['zeros', Buffer.alloc(1000)],
    ['names of prototypes', '__proto__=1&constructor=2&toString=3&hasOwnProperty=4'],
    ['a form for a prototype', 'grant_type=__proto__&client_id=constructor&token=toString'],
    ['a parameter ten thousand times', Array.from({ length: 10_000 }, () => 'a=1').join('&')],
    ['a repeated parameter', 'grant_type=a&grant_type=b&client_id=a&client_id=b&token=a&token=b'],
    ['brackets', 'grant_type[]=a&client_id[$ne]=1&token[0]=x'],
    ['more than any form', `grant_type=${'x'.repeat(70_000)}`],
    ['far more than any form', `token=${'x'.repeat(3_000_000)}`],
    [
      'a client id longer than any key',
      `grant_type=refresh_token&token=x&refresh_token=x&client_id=${'x'.repeat(4_000)}`,
    ],
    ['half a multipart form', '--x\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\nx'],
  ] as const;

  test.for(bodies)('%s', async ([, body]) => {
    expectOAuthError(await postForm(path, body));
  });

  test('more than the gateway takes', async () => {
    const answer = await postForm(path, Buffer.alloc(11 * 1024 * 1024, 'x'));
    expect(answer.status).toBe(413);
    expectSound(answer);
  });

  test.for([
    'application/json',
    'text/xml',
    'application/x-www-form-urlencoded, application/json',
    ';;;',
    'x'.repeat(2_000),
    '\xff\xfe',
    'multipart/form-data',
  ])('a content type of %.20s', async (type) => {
    expectOAuthError(
      await postRaw(issuer, path, [['Content-Type', type]], 'grant_type=refresh_token&token=x&client_id=x'),
    );
  });
});

describe.concurrent('headers that no client should send (H03)', () => {
  const headers = [
    ['an Authorization of bytes', ['Authorization', '\xff\xfe\xfd']],
    ['a Basic of bytes', ['Authorization', 'Basic \xff\xfe']],
    ['a Basic without end', ['Authorization', `Basic ${'A'.repeat(8_000)}`]],
    ['a Basic whose id is longer than any key', ['Authorization', `Basic ${btoa(`${'x'.repeat(4_000)}:y`)}`]],
    ['two Authorizations', ['Authorization', 'Basic eDp5\r\nAuthorization: Basic eDp6']],
    ['cookies without end', ['Cookie', Array.from({ length: 500 }, (_, index) => `c${index}=v`).join('; ')]],
    ['cookies that are none', ['Cookie', ';;=;=;a;=b; ; \xff']],
    ['an address that is none', ['X-Forwarded-For', "'; DROP TABLE --"]],
    ['a host of somebody else', ['X-Forwarded-Host', 'evil.example']],
    ['an empty name of a protocol', ['Accept', '']],
    ['an Accept of nonsense', ['Accept', `${'a/b;q=9,'.repeat(500)}`]],
    ['a language of bytes', ['Accept-Language', '\x80\x81']],
    ['a range', ['Range', 'bytes=0-1']],
    ['an encoding that nobody knows', ['Content-Encoding', 'gzip']],
    ['an override of the method', ['X-HTTP-Method-Override', 'DELETE']],
  ] as const;

  test.for(headers)('to the OAuth endpoints: %s', async ([, header]) => {
    for (const path of ['/token', '/revoke']) {
      expectOAuthError(await postForm(path, 'grant_type=refresh_token&refresh_token=x', [header]));
    }
  });

  test.for(headers)('to the MCP endpoint: %s', async ([, [name, value]]) => {
    const answer = await postJson(
      '{"jsonrpc":"2.0","id":1,"method":"no/such"}',
      name === 'Authorization' ? [] : [[name, value]],
    );
    expectSound(answer);
  });

  const mcpHeaders = [
    ['Mcp-Protocol-Version', '\xff\xfe'],
    ['Mcp-Protocol-Version', ''],
    ['Mcp-Protocol-Version', '2026-07-28, 2025-11-25'],
    ['Mcp-Protocol-Version', '9999-99-99'],
    ['Mcp-Method', '\u0100'],
    ['Mcp-Name', '=?base64?/////w==?='],
    ['Mcp-Name', '漢字'],
    ['Mcp-Session-Id', 'x'.repeat(5_000)],
    ['Last-Event-Id', '-1'],
    ['Mcp-Param-Title', '\x7f'],
    ['Accept', 'text/html'],
    ['Content-Type', 'application/json, text/plain'],
  ] as const;

  test.for(mcpHeaders)('to the MCP endpoint: %s: %j', async ([name, value]) => {
    const params = { name: 'whoami', arguments: {} };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    const raw = Buffer.from(value, 'utf8').toString('latin1');
    const headers = [
      ['Content-Type', 'application/json'],
      ['Accept', 'application/json, text/event-stream'],
      ['Authorization', `Bearer ${token}`],
    ] as const;
    const others = headers.filter(([other]) => other !== name);
    expectSound(await postRaw(issuer, '/mcp', [...others, [name, raw]], body));
  });

  test('a head beyond 10 KB is refused by the gateway', async () => {
    for (const path of ['/token', '/revoke', '/mcp']) {
      const answer = await postRaw(issuer, path, [['X-Long', 'x'.repeat(12_000)]], '');
      expect([answer.status, JSON.parse(answer.body)]).toEqual([431, { message: expect.any(String) }]);
    }
  });
});

describe.concurrent('messages that no client should send to the MCP endpoint (M22, H03)', () => {
  const call = (params: string) => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`;
  const calls = [
    ['no parameters', '{"jsonrpc":"2.0","id":1,"method":"tools/call"}'],
    ['parameters of null', call('null')],
    ['parameters in a list', call('["create_todo",{}]')],
    ['parameters of text', call('"create_todo"')],
    ['no name', call('{"arguments":{}}')],
    ['a name of null', call('{"name":null}')],
    ['a name of a number', call('{"name":7}')],
    ['a name in a list', call('{"name":["create_todo"]}')],
    ['a name in an object', call('{"name":{"name":"create_todo"}}')],
    ['a name that cannot be text', call('{"name":{"toString":null}}')],
    ['a name that cannot be a value', call('{"name":{"toString":1,"valueOf":2}}')],
    ['the name of a prototype', call('{"name":"__proto__","arguments":{}}')],
    ['the name of a method of objects', call('{"name":"toString","arguments":{}}')],
    ['an empty name', call('{"name":"","arguments":{}}')],
    ['a name without end', call(`{"name":"${'x'.repeat(200_000)}","arguments":{}}`)],
    ['a name of emoji without end', call(`{"name":"a${'😀'.repeat(200)}","arguments":{}}`)],
    ['a name with key separators', call('{"name":"#|/..\\u0000","arguments":{}}')],
    ['a name of half a surrogate pair', call('{"name":"\\ud800","arguments":{}}')],
    ['arguments of null', call('{"name":"create_todo","arguments":null}')],
    ['arguments in a list', call('{"name":"create_todo","arguments":[]}')],
    ['arguments of text', call('{"name":"create_todo","arguments":"title"}')],
    ['an unknown argument', call('{"name":"create_todo","arguments":{"title":"x","owner":"me"}}')],
    ['a title of half a surrogate pair', call('{"name":"create_todo","arguments":{"title":"\\ud800"}}')],
    [
      'notes that end in half a surrogate pair',
      call('{"name":"create_todo","arguments":{"title":"x","notes":"\\udc00"}}'),
    ],
    ['an id of half a surrogate pair', call('{"name":"get_todo","arguments":{"id":"\\ud800"}}')],
    ['an id with key separators', call('{"name":"get_todo","arguments":{"id":"#TODO#../x"}}')],
    ['an id in an object', call('{"name":"get_todo","arguments":{"id":{"$ne":1}}}')],
    ['an empty id', call('{"name":"get_todo","arguments":{"id":""}}')],
    ['a number beyond all numbers', call('{"name":"list_todos","arguments":{"limit":1e400}}')],
    ['a number below all numbers', call('{"name":"list_todos","arguments":{"limit":-1e400}}')],
    ['a cursor of nonsense', call('{"name":"list_todos","arguments":{"cursor":"\\u0000"}}')],
    ['an object of half a surrogate pair', call('{"name":"create_todo","arguments":{"\\ud800":"x"}}')],
  ] as const;

  test.for(calls)('a call with %s', async ([, body]) => {
    expectJsonRpcError(await postJson(body));
  });

  const messages = [
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"ping"}'],
    ['an id of half a surrogate pair', '{"jsonrpc":"2.0","id":"\\ud800","method":"tools/list"}'],
    ['an id with a fraction', '{"jsonrpc":"2.0","id":0.5,"method":"tools/list"}'],
    ['two ids', '{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/list"}'],
    ['a method without end', `{"jsonrpc":"2.0","id":1,"method":"${'x'.repeat(500_000)}"}`],
    ['a method of a prototype', '{"jsonrpc":"2.0","id":1,"method":"__proto__"}'],
    ['a request and an answer in one', '{"jsonrpc":"2.0","id":1,"method":"ping","result":{},"error":{}}'],
    ['an answer to nothing', '{"jsonrpc":"2.0","id":9,"result":{"__proto__":{}}}'],
    ['a meta of text', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":"x"}}'],
    [
      'a meta of a prototype',
      '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"__proto__":{"a":1}}}}',
    ],
    [
      'a progress token of an object',
      '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"progressToken":{}}}}',
    ],
    ['a cursor of a number', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":7}}'],
    [
      'a hundred thousand members',
      `{"jsonrpc":"2.0","id":1,"method":"ping","params":{${Array.from({ length: 60_000 }, (_, i) => `"${i}":1`).join()}}}`,
    ],
    ['lists in lists', `{"jsonrpc":"2.0","id":1,"method":"ping","params":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
    ['broken UTF-8', Buffer.from('{"jsonrpc":"2.0","id":1,"method":"\xff\xfe\xc0"}', 'latin1')],
    ['UTF-16', Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping"}', 'utf16le')],
    ['zeros', Buffer.alloc(5_000)],
  ] as const;

  test.for(messages)('%s', async ([, body]) => {
    expectSound(await postJson(body));
  });

  test('leave what is stored as it was', async () => {
    const { tokens } = await connect(issuer);
    await newTodo(issuer, tokens.access_token, { title: 'Still here' });
    const bad = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'create_todo', arguments: { title: '' } },
    };
    await postMcp(issuer, tokens.access_token, bad);
    expect(await titles(issuer, tokens.access_token)).toEqual(['Still here']);
  });
});

describe('three hundred requests that nobody thought of (H03)', () => {
  const seed = Number(process.env.SEED ?? 20_261_120);
  const names = [
    'grant_type',
    'client_id',
    'client_secret',
    'code',
    'code_verifier',
    'redirect_uri',
    'refresh_token',
    'resource',
    'scope',
    'token',
    'token_type_hint',
  ];

  const someForm = (random: Generator): Buffer => {
    const known = ['authorization_code', 'refresh_token', clientId, `${issuer}/mcp`, ''];
    const pairs = Array.from({ length: random.below(9) }, () => {
      const value = random.below(3) === 0 ? random.pick(known) : random.text();
      return `${encodeURIComponent(random.pick([...names, random.text()]))}=${random.below(4) === 0 ? value : encodeURIComponent(value)}`;
    });
    const text = Buffer.from(pairs.join('&'));
    return random.below(8) === 0 ? Buffer.concat([text, random.bytes(20)]) : text;
  };

  test.for(['/token', '/revoke'])(`to %s, from seed ${seed}`, async (path) => {
    const random = new Generator(seed + path.length);
    const { client_id } = await register(issuer);
    for (let count = 0; count < 150; count += 1) {
      const body = someForm(random);
      const headers: [string, string][] = Object.entries({ ...newSourceIp(), ...later(random.below(100)) });
      if (random.below(3) === 0) headers.push(['Authorization', `Basic ${btoa(`${client_id}:${random.below(9)}`)}`]);
      const answer = await postForm(path, body, headers);
      expect(answer.status, `${path} ${body.toString('base64')}`).toBeLessThan(500);
      expectSound(answer);
    }
  });

  test(`to /mcp, from seed ${seed}`, async () => {
    const random = new Generator(seed);
    const calls = ['list_todos', 'get_todo', 'create_todo', 'update_todo', 'complete_todo', 'delete_todo', 'whoami'];
    for (let count = 0; count < 150; count += 1) {
      const shaped = {
        jsonrpc: '2.0',
        id: count,
        method: 'tools/call',
        params: { name: random.pick(calls), arguments: random.json(2) },
      };
      const body = JSON.stringify(random.below(2) === 0 ? shaped : random.json());
      const answer = await postJson(body, Object.entries(later(60 * Math.floor(count / 50))));
      expect(answer.status, body).toBeLessThan(500);
      expectSound(answer);
    }
  });
});
