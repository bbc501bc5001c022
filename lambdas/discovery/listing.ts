import { json, type Response } from '#core/http/response.ts';
import { mcpOrigin, mcpUrl } from '#core/issuer.ts';
import { sha256 } from '#core/oauth/digest.ts';
import { listingPaths as paths } from '#core/routes.ts';
import { icon, listed, proofs } from '#generated';

type Listed = NonNullable<typeof listed>;
type Document = readonly [path: string, response: Response];

const cardType = 'application/mcp-server-card+json';
const catalogType = 'application/ai-catalog+json';

/** What registries and directories read of a server that is listed: nothing if it is not. */
export const listingDocuments: readonly Document[] = listed
  ? [
      [paths.serverCard, tagged(cardOf(listed), cardType)],
      [paths.aiCatalog, tagged(catalogOf(listed), catalogType)],
      ...iconDocument(icon),
      ...proofDocument(paths.openaiProof, proofs.openai),
      ...proofDocument(paths.mcpRegistryProof, proofs.mcpRegistry),
    ]
  : [];

/** What `server/discover` says too, for those who have not connected. Draft SEP-2127, Server Card. */
function cardOf({ name, version, title, description, website, repository, iconSide }: Listed): object {
  return {
    $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
    name,
    version,
    title,
    description,
    websiteUrl: website,
    repository,
    icons: iconSide && [
      { src: `${mcpOrigin}${paths.icon}`, mimeType: 'image/png', sizes: [`${iconSide}x${iconSide}`] },
    ],
    remotes: [{ type: 'streamable-http', url: mcpUrl }],
  };
}

/** Where the card is. What the card says is not repeated. AI Catalog 1.0, draft. */
function catalogOf({ name, publisher }: Listed): object {
  const [, own = name] = name.split('/');
  const identifier = `urn:air:${new URL(mcpOrigin).hostname}:mcp:${own}`;
  return {
    specVersion: '1.0',
    host: { displayName: publisher },
    entries: [{ identifier, type: cardType, url: `${mcpOrigin}${paths.serverCard}` }],
  };
}

/** A document that clients ask for again by its tag. Pages may read the tag. RFC 9110 §8.8.3. */
function tagged(value: object, type: string): Response {
  const response = json(value, 200, {
    'content-type': type,
    'cache-control': 'public, max-age=3600',
    'access-control-expose-headers': 'ETag',
  });
  return { ...response, headers: { ...response.headers, etag: `"${sha256(response.body ?? '')}"` } };
}

/** Where lists look for it too, and browsers of themselves: what it is they tell by its type. */
function iconDocument(base64: string | null): readonly Document[] {
  if (base64 === null) return [];
  const headers = { 'content-type': 'image/png', 'cache-control': 'public, max-age=86400' };
  const response = { status: 200, headers, body: base64, isBase64: true };
  return [
    [paths.icon, response],
    [paths.favicon, response],
  ];
}

/** Exactly what was given, for it is compared letter by letter, and not kept, so that a new one counts at once. */
function proofDocument(path: string, proof: string | undefined): readonly Document[] {
  if (proof === undefined) return [];
  return [[path, { status: 200, headers: { 'content-type': 'text/plain' }, body: proof }]];
}
