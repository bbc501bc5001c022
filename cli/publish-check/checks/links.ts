import { Fault, must, NotChecked } from '../../doctor/check.ts';
import type { Check } from '../check.ts';
import type { List } from '../options.ts';
import { identityIn, mustBeOfType } from '../require.ts';
import { addressesOf, type PageName } from '../seen.ts';

const [SMALLEST_SIDE, LARGEST_SIDE] = [48, 4_096];
const LONGEST_ADDRESS = 1_024;

/** The pages and the picture of a listing. OpenAI, Submission errors; Claude, Connectors directory. */
export const linkChecks: readonly Check[] = [
  pageCheck('website', 'listing.website', ['openai', 'anthropic']),
  pageCheck('privacy', 'brand.privacy', ['openai', 'anthropic']),
  pageCheck('terms', 'brand.terms', ['openai']),
  pageCheck('support', 'brand.support', ['openai']),
  {
    name: 'support channel',
    lists: ['anthropic'],
    remedy: 'Set brand.support in vestibule.config.ts to a page or an address where people are helped.',
    judge: ({ settings: { brand } }) => {
      if (brand.support === undefined) throw new Fault('brand.support is not set');
      return brand.support;
    },
  },
  {
    name: 'domain of the pages',
    lists: ['openai', 'anthropic'],
    isAdvice: true,
    remedy: 'Have the pages at the domain of the server, or be ready to show that both are yours.',
    judge: (seen) => {
      if (seen.isLocal) throw new NotChecked('needs the public address');
      const domain = domainOf(seen.mcpUrl);
      const addresses = Object.values(addressesOf(seen.settings)).filter((address) => address?.startsWith('https:'));
      const elsewhere = addresses.find((address) => address !== undefined && domainOf(address) !== domain);
      must(elsewhere === undefined, `${elsewhere} is not at ${domain}`);
      return domain;
    },
  },
  {
    name: 'icon',
    lists: ['openai', 'anthropic', 'card'],
    remedy: 'Set listing.icon to a square PNG of 512 by 512 pixels, and deploy.',
    judge: (seen) => {
      if (seen.settings.listing?.icon === undefined) throw new Fault('listing.icon is not set');
      const { icon } = seen;
      if (!icon) throw new Fault('it is not served');
      if ('unreachable' in icon) throw new Fault(icon.unreachable);
      must(icon.status === 200, `the status is ${icon.status}`);
      must(icon.type === 'image/png', `the content type is ${icon.type ?? 'missing'}`);
      if (!icon.size) throw new Fault('it is no PNG');
      const [width, height] = icon.size;
      must(width === height, `it is ${width} by ${height} pixels`);
      must(width >= SMALLEST_SIDE && width <= LARGEST_SIDE, `it is ${width} pixels wide`);
      return `${width} by ${height}`;
    },
  },
  {
    name: 'favicon',
    lists: ['anthropic'],
    remedy:
      'Set listing.icon and deploy: it is served at /favicon.ico too. Have nothing before the API answer that path.',
    judge: ({ favicon }) => {
      if ('unreachable' in favicon) throw new Fault(favicon.unreachable);
      must(favicon.status === 200, `the status of /favicon.ico is ${favicon.status}`);
      must(favicon.type?.startsWith('image/') === true, `/favicon.ico is ${favicon.type ?? 'of no content type'}`);
      return undefined;
    },
  },
  {
    name: 'length of addresses',
    lists: ['openai'],
    remedy: `Give addresses of at most ${LONGEST_ADDRESS} characters.`,
    judge: ({ settings, mcpUrl }) => {
      const all = [mcpUrl, ...Object.values(addressesOf(settings))].filter((address) => address !== undefined);
      const long = all.find((address) => address.length > LONGEST_ADDRESS);
      must(long === undefined, `${long?.slice(0, 60)}… has ${long?.length} characters`);
      return undefined;
    },
  },
  {
    name: 'icon of the server',
    lists: ['card'],
    remedy: 'Deploy with the listing as it is now: icons of another origin are not shown.',
    judge: (seen) => {
      const [icon] = identityIn(seen).icons ?? [];
      if (!icon) throw new Fault('server/discover names no icon');
      must(new URL(icon.src).origin === new URL(seen.mcpUrl).origin, `${icon.src} is of another origin`);
      return icon.src;
    },
  },
];

function pageCheck(name: PageName, setting: string, lists: readonly List[]): Check {
  return {
    name: `${name} page`,
    lists,
    remedy: `Set ${setting} in vestibule.config.ts to an https page that everybody can read without signing in.`,
    judge: ({ settings, pages }) => {
      const address = addressesOf(settings)[name];
      if (address === undefined) throw new Fault(`${setting} is not set`);
      must(address.startsWith('https:'), `${address} is not a page`);
      const page = pages[name];
      if (!page) throw new Fault(`${address} was not read`);
      if ('unreachable' in page) throw new Fault(page.unreachable);
      must(page.status === 200, `${address} answers with ${page.status}`);
      mustBeOfType(page, 'text/html');
      return address;
    },
  };
}

/** The last two labels of a host, which are mostly what somebody registered. */
function domainOf(address: string): string {
  return new URL(address).hostname.split('.').slice(-2).join('.');
}
