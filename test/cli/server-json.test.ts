import { describe, expect, test } from 'vitest';
import { filesOf } from '../../cli/publish-check/files.ts';
import type { Seen } from '../../cli/publish-check/seen.ts';
import { defineSettings } from '../../lib/settings.ts';
import { listedSettings, listing } from '../support/listing.ts';
import { refusedBy } from '../support/mcp-registry.ts';

type Listing = NonNullable<Seen['settings']['listing']>;
type Change = { readonly listing?: object; readonly mcpUrl?: string; readonly icon?: Seen['icon'] };

/** The file that is written for a server: these settings are taken, or the test fails. */
function serverJson({ listing: changes = {}, mcpUrl = 'https://mcp.example.com/mcp', icon = served }: Change = {}) {
  const own = { ...listing, ...changes } as typeof listing;
  const settings = defineSettings({ ...listedSettings, sender: 'sign-in@example.com', listing: own });
  const seen = { mcpUrl, settings, icon } as unknown as Seen;
  return JSON.parse(filesOf(seen, settings.listing as Listing)['server.json'] ?? '');
}

const served = { status: 200, type: 'image/png', size: [512, 512] } as const;

describe('server.json, as the MCP registry takes it', () => {
  test.for<[string, Change]>([
    ['everything', {}],
    [
      'only what is required',
      { listing: { title: undefined, website: undefined, repository: undefined }, icon: undefined },
    ],
    ['texts as long as they may be', { listing: { title: 'T'.repeat(30), description: 'd'.repeat(100) } }],
    ['a name as long as it may be', { listing: { name: `com.example/${'n'.repeat(188)}` } }],
    ['a name of GitHub', { listing: { name: 'io.github.example-org/todos.mcp_server' } }],
    ['a version before a release', { listing: { version: '2.0.0-beta.1' } }],
    ['a group at GitLab', { listing: { repository: 'https://gitlab.com/example/teams/todos' } }],
    ['a website as long as it may be', { listing: { website: `https://example.com/${'w'.repeat(1_004)}` } }],
    [
      'a host as long as there can be',
      { mcpUrl: `https://${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(57)}.com/mcp` },
    ],
    ['an address that AWS gives', { mcpUrl: 'https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/mcp' }],
  ])('%s', ([, change]) => {
    expect(refusedBy(serverJson(change))).toEqual([]);
  });

  test.for<[member: string, value: unknown]>([
    ['$schema', 'https://static.modelcontextprotocol.io/schemas/2025-10-17/server.schema.json'],
    ['name', 'com.example/t'],
    ['title', ' '],
    ['description', 'd'.repeat(101)],
    ['version', '^1.0.0'],
    ['websiteUrl', 'http://example.com'],
    ['repository.url', { url: 'https://example.com/todos', source: 'github' }],
    ['icons.0.src', [{ src: `https://example.com/${'i'.repeat(255)}`, mimeType: 'image/png', sizes: ['512x512'] }]],
    ['icons.0.sizes.0', [{ src: 'https://example.com/i.png', mimeType: 'image/png', sizes: ['512'] }]],
    ['remotes.0.url', [{ type: 'streamable-http', url: 'https://localhost/mcp' }]],
    ['remotes', []],
  ])('a %s that will not do is seen', ([member, value]) => {
    const [key = ''] = member.split('.');
    expect(refusedBy({ ...serverJson(), [key]: value })).toEqual([member]);
  });
});
