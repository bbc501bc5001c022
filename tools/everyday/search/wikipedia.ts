import * as z from 'zod';
import { address, ask } from '../service.ts';
import { baseOr, type SearchProvider } from './provider.ts';

const base = baseOr('https://en.wikipedia.org');
const page = z.object({
  key: z.string(),
  title: z.string(),
  excerpt: z.string().nullish(),
  description: z.string().nullish(),
});

/** Wikipedia, or another wiki that runs MediaWiki. It needs no key. MediaWiki REST API, Search content. */
export const wikipedia: SearchProvider = {
  name: 'Wikipedia',
  searches: 'Searches the articles of Wikipedia, not the whole web',
  needsKey: false,
  search: async ({ query, limit, signal }) => {
    const url = address(base, '/w/rest.php/v1/search/page', { q: query, limit });
    const { pages } = await ask('Wikipedia', { url, signal }, z.object({ pages: z.array(page) }));
    return pages.map(({ key, title, excerpt, description }) => ({
      title,
      link: address(base, `/wiki/${encodeURIComponent(key)}`).href,
      snippet: [description, excerpt].filter(Boolean).join('. '),
    }));
  },
};
