import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.resetModules();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test.for([
  ['SEARCH_PROVIDER', 'altavista', 'SEARCH_PROVIDER must be one of wikipedia, brave, tavily'],
  ['SEARCH_PROVIDER', 'constructor', 'SEARCH_PROVIDER must be one of'],
  ['SERVICE_TIMEOUT_SECONDS', 'soon', 'SERVICE_TIMEOUT_SECONDS must be a number of seconds'],
  ['SERVICE_TIMEOUT_SECONDS', '0', 'SERVICE_TIMEOUT_SECONDS must be a number of seconds'],
  ['SERVICE_TIMEOUT_SECONDS', '21', 'SERVICE_TIMEOUT_SECONDS must be a number of seconds'],
] as const)('with %s set to %s the tools do not start', async ([name, value, said]) => {
  vi.stubEnv(name, value);
  await expect(import('#tools/everyday/search-web.ts')).rejects.toThrow(said);
});

test('without settings the tools start', async () => {
  await expect(import('#tools/everyday/search-web.ts')).resolves.toHaveProperty('default.name', 'search_web');
});

test('a tool waits for services no longer than its call lasts', async () => {
  const { deadline } = await import('#tools/everyday/service.ts');
  const call = new AbortController();
  const over = deadline(call);
  expect(over.aborted).toBe(false);
  call.abort();
  expect(over.aborted).toBe(true);
});
