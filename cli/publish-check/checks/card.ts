import { Fault, must } from '../../doctor/check.ts';
import type { Check } from '../check.ts';
import { found, identityIn, listingIn, membersIn, mustBeOfType, titleOf } from '../require.ts';
import type { Seen } from '../seen.ts';

const SCHEMA = 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json';
const remedy = 'Deploy with the listing as it is now, and have nothing before the API change the documents.';

/** The server card and the catalogue. Draft SEP-2127; AI Catalog 1.0, draft. */
export const cardChecks: readonly Check[] = [
  {
    name: 'server card',
    lists: ['card'],
    remedy,
    judge: (seen) => {
      const { name, version, description } = listingIn(seen);
      mustBeOfType(found(seen.card), 'application/mcp-server-card+json');
      const expected = { $schema: SCHEMA, name, version, title: titleOf(seen), description };
      mustSay(cardIn(seen), expected, 'the settings say');
      return name;
    },
  },
  {
    name: 'card and server',
    lists: ['card'],
    remedy,
    judge: (seen) => {
      const { name, version, title, websiteUrl, icons } = identityIn(seen);
      mustSay(cardIn(seen), { name, version, title, websiteUrl, icons }, 'server/discover says');
      return undefined;
    },
  },
  {
    name: 'address in the card',
    lists: ['card'],
    remedy,
    judge: (seen) => {
      const { remotes } = cardIn(seen);
      const [remote, ...others] = Array.isArray(remotes) ? remotes : [];
      must(remote !== undefined && others.length === 0, 'it does not name one address');
      must(remote.type === 'streamable-http', `the type is ${remote.type}`);
      must(remote.url === seen.mcpUrl, `it is ${remote.url}, not ${seen.mcpUrl}`);
      return seen.mcpUrl;
    },
  },
  {
    name: 'card for pages and caches',
    lists: ['card'],
    remedy,
    judge: ({ card, cardAgain, cardPreflight }) => {
      const { headers } = found(card);
      must(headers.get('access-control-allow-origin') === '*', 'pages may not read it');
      const exposed = (headers.get('access-control-expose-headers') ?? '').toLowerCase().split(/\s*,\s*/);
      must(exposed.includes('etag'), 'pages may not read its ETag');
      must(/\bpublic\b/.test(headers.get('cache-control') ?? ''), 'caches may not keep it');
      must(headers.get('etag') !== null, 'it has no ETag');
      if ('unreachable' in cardAgain) throw new Fault(cardAgain.unreachable);
      must(cardAgain.status === 304, `asked for by its ETag it is answered with ${cardAgain.status}, not 304`);
      if ('unreachable' in cardPreflight) throw new Fault(cardPreflight.unreachable);
      const allowed = (cardPreflight.headers.get('access-control-allow-headers') ?? '').toLowerCase().split(/\s*,\s*/);
      must(
        ['content-type', 'if-none-match'].every((header) => allowed.includes(header)),
        'pages may not ask for it by its ETag',
      );
      return undefined;
    },
  },
  {
    name: 'AI catalogue',
    lists: ['card'],
    remedy,
    judge: (seen) => {
      const answer = found(seen.catalog);
      mustBeOfType(answer, 'application/ai-catalog+json');
      const { specVersion, entries } = membersIn(answer.text);
      must(specVersion === '1.0', `specVersion is ${specVersion}`);
      const cardUrl = `${seen.mcpUrl}/server-card`;
      const entry = Array.isArray(entries) ? entries.find((one) => one?.url === cardUrl) : undefined;
      must(entry !== undefined, `it does not lead to ${cardUrl}`);
      must(entry.type === 'application/mcp-server-card+json', `the type of the card is ${entry.type}`);
      const host = new URL(seen.mcpUrl).hostname;
      const isNamed = String(entry.identifier).startsWith(`urn:air:${host}:mcp:`);
      must(
        seen.isLocal || isNamed,
        `the identifier is ${entry.identifier}, and does not begin with urn:air:${host}:mcp:`,
      );
      return undefined;
    },
  },
];

function cardIn({ card }: Seen): Readonly<Record<string, unknown>> {
  return membersIn(found(card).text);
}

function mustSay(said: Readonly<Record<string, unknown>>, expected: object, whoSays: string): void {
  const different = Object.entries(expected).find(
    ([key, value]) => JSON.stringify(said[key]) !== JSON.stringify(value),
  );
  if (different)
    throw new Fault(`${different[0]} is ${JSON.stringify(said[different[0]])}, which is not what ${whoSays}`);
}
