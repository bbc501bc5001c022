import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Api, defineApi } from '../../tools/upstream/api.ts';
import { type ApiRequest, callApi } from '../../tools/upstream/call-api.ts';
import { type Reply, type ServiceSite, startServiceSite } from '../support/service-site.ts';

let site: ServiceSite;
const keys = {
  bearer: { secret: 'SHOP_TOKEN', sent: 'bearer' },
  basic: { secret: 'SHOP_LOGIN', sent: 'basic' },
  header: { secret: 'SHOP_KEY', sent: { header: 'X-Key' } },
  query: { secret: 'SHOP_KEY', sent: { query: 'key' } },
  unset: { secret: 'SHOP_UNSET', sent: 'bearer' },
} as const;

beforeAll(async () => {
  vi.stubEnv('SHOP_TOKEN', 'token');
  vi.stubEnv('SHOP_LOGIN', 'anna:secret');
  vi.stubEnv('SHOP_KEY', 'k&y');
  site = await startServiceSite();
});
afterAll(() => {
  site.stop();
  vi.unstubAllEnvs();
});
beforeEach(() => {
  site.got.length = 0;
  site.replies.length = 0;
});

function call(request: Partial<ApiRequest>, base = `${site.url}/v1`) {
  const api: Api = defineApi({ name: 'Shop', base, keys });
  return callApi(api, { now: 0, signal: AbortSignal.timeout(20_000) }, { method: 'GET', path: '/', ...request });
}

describe('callApi', () => {
  test('sends what it is given, and gives what is answered', async () => {
    site.replies.push({ status: 201, headers: { 'content-type': 'application/json' }, body: '{"id":1}' });
    const query = { limit: 2 };
    const given = { method: 'POST', path: '/things', query, headers: { 'X-Note': 'hi', 'X-None': undefined } };
    expect(await call({ ...given, json: { a: 1 } })).toEqual({ status: 201, answer: '{"id":1}' });
    const [got] = site.got;
    expect(got).toMatchObject({ method: 'POST', path: '/v1/things?limit=2', body: '{"a":1}' });
    expect(got?.headers).toMatchObject({ 'content-type': 'application/json', 'x-note': 'hi' });
    expect(got?.headers).not.toHaveProperty('x-none');
  });

  test('sends a form', async () => {
    await call({ method: 'POST', form: { a: 'b&c', list: [1, 2], none: undefined } });
    expect(site.got[0]).toMatchObject({ body: 'a=b%26c&list=1&list=2' });
    expect(site.got[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  });

  test.for([
    ['bearer', { authorization: 'Bearer token' }, '/v1/?a=1%202'],
    ['basic', { authorization: 'Basic YW5uYTpzZWNyZXQ=' }, '/v1/?a=1%202'],
    ['header', { 'x-key': 'k&y' }, '/v1/?a=1%202'],
    ['query', {}, '/v1/?a=1%202&key=k%26y'],
  ] as const)('sends a key as %s, whatever the caller gives under its name', async ([key, headers, path]) => {
    await call({ query: { a: '1 2' }, headers: { Authorization: 'mine', 'x-key': 'mine' }, keys: [key] });
    expect(site.got[0]).toMatchObject({ path, headers });
  });

  test('asks nobody without its key, or without an address', async () => {
    await expect(call({ keys: ['unset'] })).rejects.toThrow('Shop needs a key, SHOP_UNSET, which the operator');
    await expect(call({}, '')).rejects.toThrow('The operator of this server has not said where Shop is.');
    await expect(call({ headers: { 'X-Note': 'a\r\nX-Key: b' } })).rejects.toThrow('X-Note may have letters of ASCII');
    expect(site.got).toEqual([]);
  });

  test.for<[string, Reply, string]>([
    [
      'a refusal in JSON',
      { status: 404, body: '{"message":"no\\nsuch"}' },
      'Shop answered 404: it says {"message":"no\\nsuch"}.',
    ],
    ['one on several lines', { status: 400, body: 'a\r\n\u001b[31mb\u200b' }, 'Shop answered 400: it says a [31mb.'],
    ['a long one', { status: 400, body: 'x'.repeat(999) }, `Shop answered 400: it says ${'x'.repeat(300)}….`],
    ['a page', { status: 500, headers: { 'content-type': 'text/html' }, body: '<h1>' }, 'Shop answered 500.'],
    ['a key not taken', { status: 401, body: 'k&y' }, 'Shop answered 401: it does not take the key'],
    [
      'too many',
      { status: 429, headers: { 'retry-after': '7' }, body: '' },
      'Shop answered 429. Try again in 7 seconds.',
    ],
    ['a way elsewhere', { status: 302, headers: { location: 'http://evil.example' } }, 'which is not followed.'],
    ['a picture', { headers: { 'content-type': 'image/png' } }, 'it answered with something other than text'],
    ['too much', { body: 'x'.repeat(80_000) }, 'Shop answered with more than there is room for (80000 characters)'],
    ['far too much', { body: 'x'.repeat(1_100_000) }, 'its answer is larger than 1048576 bytes'],
    ['a break', (response) => void response.destroy(), 'Shop is of no help just now: it cannot be reached.'],
  ])('says in one sentence what became of %s', async ([, reply, said]) => {
    site.replies.push(reply);
    await expect(call({})).rejects.toThrow(said);
    expect(site.got).toHaveLength(1);
  });

  test('gives up with its call', async () => {
    site.replies.push(() => undefined);
    const api = defineApi({ name: 'Shop', base: site.url, keys: {} });
    const ended = new AbortController();
    const answer = callApi(api, { now: 0, signal: ended.signal }, { method: 'GET', path: '/' });
    await vi.waitFor(() => expect(site.got).toHaveLength(1));
    ended.abort();
    await expect(answer).rejects.toThrow('Shop is of no help just now: it did not answer in time.');
  });
});

test.for(['http://api.example', 'ftp://localhost', 'https://a:b@api.example', 'https://api.example?x', 'api.example'])(
  'an API at %s is refused when its tools are loaded',
  (base) => {
    expect(() => defineApi({ name: 'Shop', base, keys: {} })).toThrow('The address of Shop must be https');
  },
);
