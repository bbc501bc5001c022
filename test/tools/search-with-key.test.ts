import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Clock } from '../support/clock.ts';
import { type Answer, callTool, outputOf } from '../support/mcp.ts';
import { json, type Service, startService, status } from '../support/service.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';
import { connectTools } from '../support/tool-client.ts';

const key = 'key-of-the-operator';
const parameter = '/vestibule/search-key';

let service: Service;
let ssm: Service;
let stack: RunningStack;
let token: string;
const clock = new Clock();

async function start(provider: string): Promise<void> {
  service = await startService();
  ssm = await startService();
  ssm.serve('/', json({ Parameter: { Name: parameter, Type: 'SecureString', Value: `${key}\n` } }));
  const environment = {
    SEARCH_PROVIDER: provider,
    SEARCH_URL: `${service.url}/proxy`,
    WEATHER_URL: service.url,
    SERVICE_TIMEOUT_SECONDS: '5',
  };
  const tools = { environment, secrets: { SEARCH_KEY: parameter, WEATHER_KEY: parameter } };
  stack = await startStackWith({ tools }, { env: { AWS_ENDPOINT_URL_SSM: ssm.url } });
  const { tokens, close } = await connectTools(stack.issuer);
  token = tokens.access_token;
  await close();
}

async function stop(): Promise<void> {
  await stack.stop();
  await Promise.all([service.stop(), ssm.stop()]);
}

afterEach(() => {
  service.asked.length = 0;
  ssm.asked.length = 0;
});

const search = (input: object = { query: 'x' }): Promise<Answer> =>
  callTool(stack.issuer, token, 'search_web', input, { ...clock.headers });
const refusalIn = ({ message }: Answer) => JSON.stringify(message.result);

describe('search_web with Brave Search', () => {
  const path = '/proxy/res/v1/web/search';
  const found = [
    {
      title: 'A <strong>page</strong>',
      url: 'https://example.com/a?b=c',
      description: 'Its <strong>text</strong>',
      age: '1',
    },
    { title: 'Plain', url: 'http://example.com', description: '' },
    { title: 'Script', url: 'javascript:alert(1)', description: 'x' },
    { title: 'File', url: 'file:///etc/passwd', description: 'x' },
    { title: 'Data', url: 'data:text/html,x', description: 'x' },
    { title: 'None', url: 'example.com', description: 'x' },
    { title: 'Long', url: `https://example.com/${'x'.repeat(2_000)}`, description: 'x' },
  ];

  beforeAll(async () => {
    await start('brave');
    service.serve(path, json({ type: 'search', web: { type: 'search', results: found } }));
  });
  afterAll(stop);

  test('cannot search while the key is nowhere, and says what the operator has to do', async () => {
    const type = { 'content-type': 'application/x-amz-json-1.1' };
    ssm.serve('/', (_, response) => void response.writeHead(400, type).end('{"__type":"ParameterNotFound"}'));
    expect(refusalIn(await search())).toContain('Brave Search needs a key, SEARCH_KEY, which the operator');
    expect(service.asked).toEqual([]);
  });

  test('says that it is busy while the keys cannot be read', async () => {
    ssm.serve('/', status(500));
    const { status: code, headers, message } = await search();
    expect([code, message.error?.message]).toEqual([503, expect.stringContaining('try again')]);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    expect(service.asked).toEqual([]);
  });

  test('sends the key in a header, and gives the results that are pages of the web', async () => {
    ssm.serve('/', json({ Parameter: { Name: parameter, Type: 'SecureString', Value: `${key}\n` } }));
    expect(outputOf(await search({ query: 'a b', limit: 7 }))).toEqual({
      results: [
        { title: 'A page', link: 'https://example.com/a?b=c', snippet: 'Its text' },
        { title: 'Plain', link: 'http://example.com/', snippet: '' },
      ],
      source: 'Brave Search',
    });
    expect(service.asked).toMatchObject([
      {
        method: 'GET',
        path,
        query: { q: 'a b', count: '7', result_filter: 'web' },
        headers: { 'x-subscription-token': key },
      },
    ]);
    const [{ headers, body } = { headers: {}, body: '' }] = ssm.asked;
    expect(headers).toMatchObject({ 'x-amz-target': 'AmazonSSM.GetParameter' });
    expect(JSON.parse(body)).toEqual({ Name: parameter, WithDecryption: true });
  });

  test('keeps the key for five minutes, and then takes another', async () => {
    ssm.serve('/', json({ Parameter: { Name: parameter, Type: 'SecureString', Value: 'another-key' } }));
    await search();
    expect(ssm.asked).toEqual([]);
    clock.advance(240);
    await search();
    expect(ssm.asked).toEqual([]);
    clock.advance(61);
    await search();
    expect(ssm.asked).toHaveLength(1);
    const sent = service.asked.map(({ headers }) => headers['x-subscription-token']);
    expect(sent).toEqual([key, key, 'another-key']);
  });

  test('finds nothing without a fuss', async () => {
    service.serve(path, json({ type: 'search', query: {} }));
    expect(outputOf(await search())).toEqual({ results: [], source: 'Brave Search' });
  });

  test('tells of a key that is not accepted, but not the key', async () => {
    service.serve(path, status(401));
    const refusal = refusalIn(await search());
    expect(refusal).toContain('Brave Search is of no help just now: it answered with status 401.');
    expect(refusal).not.toContain('key');
  });

  test('asks Open-Meteo with a key too, where there is one', async () => {
    await callTool(stack.issuer, token, 'get_weather', { latitude: 1, longitude: 2 });
    expect(service.asked).toMatchObject([
      { path: '/v1/forecast', query: { latitude: '1', apikey: expect.any(String) } },
    ]);
  });

  test('never logs a key', () => {
    expect(stack.logs()).not.toMatch(/key-of-the-operator|another-key/);
  });
});

describe('search_web with Tavily', () => {
  const path = '/proxy/search';
  beforeAll(async () => {
    await start('tavily');
    const page = { title: 'A page', url: 'https://example.com/', content: 'Its\ntext', score: 0.9, raw_content: null };
    service.serve(path, json({ query: 'a b', results: [page], response_time: 0.1 }));
  });
  afterAll(stop);

  test('posts the question with the key', async () => {
    expect(outputOf(await search({ query: 'a b', limit: 2 }))).toEqual({
      results: [{ title: 'A page', link: 'https://example.com/', snippet: 'Its text' }],
      source: 'Tavily',
    });
    const [asked] = service.asked;
    expect(asked).toMatchObject({
      method: 'POST',
      path,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    });
    expect(JSON.parse(asked?.body ?? '')).toEqual({ query: 'a b', max_results: 2 });
  });
});
