import * as z from 'zod';
import { address, ask } from '../service.ts';
import { baseOr, type SearchProvider } from './provider.ts';

const base = baseOr('https://api.search.brave.com');
const result = z.object({ title: z.string(), url: z.string(), description: z.string().default('') });
const answer = z.object({ web: z.object({ results: z.array(result) }).optional() });

/** Brave Search, with a key. Brave Search API, Web search. */
export const brave: SearchProvider = {
  name: 'Brave Search',
  searches: 'Searches the web',
  needsKey: true,
  search: async ({ query, limit, key, signal }) => {
    const url = address(base, '/res/v1/web/search', { q: query, count: limit, result_filter: 'web' });
    const { web } = await ask('Brave Search', { url, headers: { 'x-subscription-token': key }, signal }, answer);
    return (web?.results ?? []).map(({ title, url: link, description: snippet }) => ({ title, link, snippet }));
  },
};
