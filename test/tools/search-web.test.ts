import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failures, json, type Service, startService } from '../support/service.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';
import { connectTools, type ToolClient } from '../support/tool-client.ts';

type Found = {
  readonly results: readonly { readonly title: string; readonly link: string; readonly snippet: string }[];
  readonly source: string;
};

const path = '/w/rest.php/v1/search/page';
const earth = {
  id: 9228,
  key: 'Earth',
  title: 'Earth',
  matched_title: null,
  thumbnail: null,
  excerpt: '<span class="searchmatch">Earth</span> is the third planet &amp; our home',
  description: 'Third planet',
};

let service: Service;
let stack: RunningStack;
let person: ToolClient;

beforeAll(async () => {
  service = await startService();
  const environment = { SEARCH_URL: service.url, SERVICE_TIMEOUT_SECONDS: '1.5' };
  stack = await startStackWith({ tools: { environment } });
  person = await connectTools(stack.issuer);
});
beforeEach(() => {
  service.asked.length = 0;
  service.serve(path, json({ pages: [earth] }));
});
afterAll(async () => {
  await person.close();
  await stack.stop();
  await service.stop();
});

const search = (input: object) => person.run<Found>('search_web', input);

describe('search_web without a key', () => {
  test('searches Wikipedia, and says so', async () => {
    const { description } = person.tools.find(({ name }) => name === 'search_web') ?? {};
    expect(description).toMatch(/^Searches the articles of Wikipedia, not the whole web, /);
    expect(await search({ query: ' blue planet ' })).toEqual({
      results: [
        {
          title: 'Earth',
          link: `${service.url}/wiki/Earth`,
          snippet: 'Third planet. Earth is the third planet & our home',
        },
      ],
      source: 'Wikipedia',
    });
  });

  test('sends what is searched for and whose server asks, and nothing of the person', async () => {
    await search({ query: 'c&a "x" #1', limit: 7 });
    expect(service.asked).toMatchObject([{ method: 'GET', path, query: { q: 'c&a "x" #1', limit: '7' }, body: '' }]);
    const [{ headers } = { headers: {} }] = service.asked;
    expect(Object.keys(headers).sort()).toEqual(['accept', 'connection', 'host', 'user-agent']);
    expect(headers).toMatchObject({ 'user-agent': `Vestibule/0.1 (${stack.issuer})` });
  });

  test('gives no more results than were asked for, and five when none says', async () => {
    service.serve(path, json({ pages: Array.from({ length: 30 }, () => earth) }));
    expect((await search({ query: 'x' })).results).toHaveLength(5);
    expect((await search({ query: 'x', limit: 10 })).results).toHaveLength(10);
    expect((await search({ query: 'x', limit: 1 })).results).toHaveLength(1);
  });

  test('finds nothing without a fuss', async () => {
    service.serve(path, json({ pages: [] }));
    expect(await search({ query: 'x' })).toEqual({ results: [], source: 'Wikipedia' });
  });

  test('keeps texts short and plain', async () => {
    const long = {
      ...earth,
      key: 'AC/DC_?#',
      title: `<i>${'t'.repeat(300)}</i>`,
      excerpt: 'e '.repeat(400),
      description: null,
    };
    service.serve(path, json({ pages: [long, { ...earth, excerpt: '', description: undefined }] }));
    const { results } = await search({ query: 'x' });
    expect(results[0]?.title).toBe(`${'t'.repeat(199)}…`);
    expect(results[0]?.link).toBe(`${service.url}/wiki/AC%2FDC_%3F%23`);
    expect(results[0]?.snippet).toHaveLength(500);
    expect(results[1]?.snippet).toBe('');
  });

  test.for<[string, object]>([
    ['query', {}],
    ['query', { query: '' }],
    ['query', { query: '  ' }],
    ['query', { query: 'x'.repeat(301) }],
    ['query', { query: ['x'] }],
    ['limit', { query: 'x', limit: 0 }],
    ['limit', { query: 'x', limit: 11 }],
    ['limit', { query: 'x', limit: 'five' }],
    ['site', { query: 'x', site: 'example.com' }],
  ])('refuses, naming %s: %j', async ([part, input]) => {
    expect(await person.refuse('search_web', input)).toContain(part);
    expect(service.asked).toEqual([]);
  });

  test.for(failures)('names the service when it %s', async ([, answer, said]) => {
    service.serve(path, answer);
    expect(await person.refuse('search_web', { query: 'x' })).toBe(
      `Wikipedia is of no help just now: ${said}. Try again later.`,
    );
    expect(service.asked).toHaveLength(1);
  });

  test.for([{}, null, { pages: {} }, { pages: [{ title: 'x' }] }])('does not understand %j', async (answer) => {
    service.serve(path, json(answer));
    expect(await person.refuse('search_web', { query: 'x' })).toBe(
      'Wikipedia answered in a way that is not understood here.',
    );
  });
});
