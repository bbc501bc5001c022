import * as z from 'zod';
import { address, ask } from '../service.ts';
import { baseOr, type SearchProvider } from './provider.ts';

const base = baseOr('https://api.tavily.com');
const result = z.object({ title: z.string(), url: z.string(), content: z.string() });
const answer = z.object({ results: z.array(result) });

/** Tavily, with a key. Tavily API, Search. */
export const tavily: SearchProvider = {
  name: 'Tavily',
  searches: 'Searches the web',
  needsKey: true,
  search: async ({ query, limit, key, signal }) => {
    const headers = { authorization: `Bearer ${key}` };
    const body = { query, max_results: limit };
    const { results } = await ask('Tavily', { url: address(base, '/search'), headers, body, signal }, answer);
    return results.map(({ title, url: link, content: snippet }) => ({ title, link, snippet }));
  },
};
