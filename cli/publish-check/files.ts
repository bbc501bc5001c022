import type { Tool } from '@modelcontextprotocol/client';
import type { Files } from '../shared/write-folder.ts';
import { exampleOf } from './samples.ts';
import { addressesOf, type Listing, type Seen } from './seen.ts';
import { snapshotFile, snapshotOf } from './snapshot.ts';

const SCHEMA = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';

const LONGEST_ICON_ADDRESS = 255;

/** What registries take as files, and what the forms of directories ask for. */
export function filesOf(seen: Seen, listing: Listing): Files {
  const files = {
    'server.json': asJson(serverJson(seen, listing)),
    'gemini-extension.json': asJson(geminiExtension(seen, listing)),
    '.cursor-plugin/plugin.json': asJson(plugin(listing)),
    'mcp.json': asJson({ mcpServers: { [keyOf(listing)]: { url: seen.mcpUrl } } }),
    '.claude-plugin/plugin.json': asJson({ ...plugin(listing), ...claudePlugin(seen, listing) }),
    '.mcp.json': asJson({ mcpServers: { [keyOf(listing)]: { type: 'http', url: seen.mcpUrl } } }),
    'texts.md': texts(seen, listing),
    'links.md': links(seen),
  };
  const snapshot = snapshotOf(seen);
  if (!seen.tools || !snapshot) return files;
  return { ...files, 'test-cases.md': testCases(seen.tools, listing), [snapshotFile]: asJson(snapshot) };
}

/** What the MCP registry publishes. It has no member for OAuth, which clients find by themselves. Schema 2025-12-11. */
function serverJson(seen: Seen, listing: Listing): object {
  const { mcpUrl, settings } = seen;
  const { name, version, description, title = settings.name, website, repository } = listing;
  return {
    $schema: SCHEMA,
    name,
    title,
    description,
    version,
    websiteUrl: website,
    repository: repository && { url: repository, source: new URL(repository).hostname.split('.')[0] },
    icons: iconsOf(seen),
    remotes: [{ type: 'streamable-http', url: mcpUrl }],
  };
}

/** The icon as it is served. The registry takes no longer address of one. */
function iconsOf({ mcpUrl, icon }: Seen): readonly object[] | undefined {
  if (!icon || 'unreachable' in icon || !icon.size) return undefined;
  const src = new URL('/brand/icon.png', mcpUrl).href;
  if (src.length > LONGEST_ICON_ADDRESS) return undefined;
  return [{ src, mimeType: 'image/png', sizes: [icon.size.join('x')] }];
}

/** For the root of a public repository on GitHub. Gemini CLI, Extensions. */
function geminiExtension({ mcpUrl }: Seen, listing: Listing): object {
  const { version, description } = listing;
  const name = keyOf(listing);
  return { name, version, description, mcpServers: { [name]: { httpUrl: mcpUrl } } };
}

/** What a plugin is called, in the members that every market of plugins takes. Cursor allows no others. */
function plugin(listing: Listing): object {
  const { version, description } = listing;
  return { name: keyOf(listing), version, description };
}

/** What the manifest of a plugin for Claude Code has besides. Claude Code, Plugins reference. */
function claudePlugin({ settings }: Seen, { publisher = settings.name, website, repository }: Listing): object {
  return { author: { name: publisher }, homepage: website, repository };
}

function texts({ settings }: Seen, listing: Listing): string {
  const {
    name,
    version,
    title = settings.name,
    tagline,
    description,
    text,
    publisher = settings.name,
    prompts,
  } = listing;
  const all = {
    Name: name,
    Version: version,
    Title: title,
    Tagline: tagline,
    Description: description,
    Publisher: publisher,
  };
  return page('Texts', [
    ...Object.entries(all).map(([label, value]) => `**${label}:** ${value ?? '—'}`),
    '## Longer text',
    text ?? '—',
    '## Example prompts',
    prompts.map((prompt) => `- ${prompt}`).join('\n') || '—',
  ]);
}

function links({ mcpUrl, settings }: Seen): string {
  const { origin } = new URL(mcpUrl);
  const all = {
    'MCP server': mcpUrl,
    Documentation: `${origin}/`,
    Icon: `${origin}/brand/icon.png`,
    ...addressesOf(settings),
  };
  return page('Links', [
    Object.entries(all)
      .map(([label, address]) => `- ${label}: ${address ?? '—'}`)
      .join('\n'),
  ]);
}

function testCases(tools: readonly Tool[], { prompts }: Listing): string {
  return page('Test cases', [
    'What people could ask for:',
    prompts.map((prompt) => `- ${prompt}`).join('\n') || '—',
    ...tools.flatMap((tool) => [`## ${tool.title ?? tool.name}`, testCase(tool)]),
  ]);
}

function testCase(tool: Tool): string {
  const { name, description = '', annotations } = tool;
  const effect = annotations?.readOnlyHint
    ? 'changes nothing'
    : annotations?.destructiveHint
      ? 'may destroy'
      : 'adds or changes';
  const example = exampleOf(tool);
  const given = example === undefined ? 'Arguments: up to you' : `Arguments: \`${JSON.stringify(example)}\``;
  return [
    `- Tool: \`${name}\` (${effect})`,
    `- What it does: ${description}`,
    `- ${given}`,
    '- What should happen: ',
  ].join('\n');
}

/** The own part of a name, as clients take it for a key. */
function keyOf({ name }: Listing): string {
  const [, own = name] = name.split('/');
  return own
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 64)
    .replaceAll(/^-|-$/g, '');
}

function page(title: string, parts: readonly string[]): string {
  return `${[`# ${title}`, ...parts].join('\n\n')}\n`;
}

function asJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
