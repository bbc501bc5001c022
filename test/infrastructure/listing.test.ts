import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { generatedModule } from '../../lib/generate.ts';
import { defineSettings } from '../../lib/settings.ts';
import { listing } from '../support/listing.ts';

type Listing = NonNullable<Parameters<typeof defineSettings>[0]['listing']>;

const withListing = (changes: Partial<Listing>) =>
  defineSettings({ sender: 'sign-in@example.com', listing: { ...listing, ...changes } });

function icon(content: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-icon-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'icon.png'), content);
  return join(folder, 'icon.png');
}

/** The icon of the tests as it would be with another width and height. */
function sized(width: number, height: number): Buffer {
  const content = readFileSync(listing.icon);
  content.writeUInt32BE(width, 16);
  content.writeUInt32BE(height, 20);
  return content;
}

describe('a listing', () => {
  test('needs a name, a version and a description, and nothing else', () => {
    const { name, version, description } = listing;
    const settings = defineSettings({ sender: 'sign-in@example.com', listing: { name, version, description } });
    expect(settings.listing).toEqual({ name, version, description, prompts: [], proofs: {} });
    expect(generatedModule(settings)).toContain('"title":"Vestibule"');
  });

  test.for(['com.example/todos', 'io.github.example/my_todos', 'de.b-b/a1', 'aa/a.b'])('may be named %s', (name) => {
    expect(withListing({ name }).listing?.name).toBe(name);
  });

  const names: readonly string[] = [
    ...['todos', 'com.example/', '/todos', 'com.example/a/b', 'com.example/t', 'c/todos', '-com.example/todos'],
    ...['com.example./todos', 'com.example/todos-', 'com.example/to dos', 'com_example/todos', 'cöm.example/todos'],
  ];
  test.for(names)('is not named %s', (name) => {
    expect(() => withListing({ name })).toThrow(/listing\.name: must be a domain turned around.*com\.example\/todos/);
  });

  const versions: readonly string[] = [
    'latest',
    '1',
    '1.0',
    '^1.0.0',
    '>=1.0.0',
    '1.0.x',
    '1.0.0 - 2.0.0',
    '*',
    '01.0.0',
  ];
  test.for(versions)('has no version %s', (version) => {
    expect(() => withListing({ version })).toThrow('listing.version: must be one version, such as 1.0.0');
  });

  test('may have a version that is not final', () => {
    expect(withListing({ version: '2.0.0-rc.1' }).listing?.version).toBe('2.0.0-rc.1');
  });

  test.for<[keyof Listing, Partial<Listing>, string]>([
    ['name', { name: `com.example/${'a'.repeat(189)}` }, 'must have at most 200 characters'],
    ['version', { version: `1.0.0-${'a'.repeat(250)}` }, 'must have at most 255 characters'],
    ['title', { title: 'a'.repeat(31) }, 'has 31 characters; at most 30 are taken'],
    ['title', { title: '  ' }, 'must not be empty'],
    ['tagline', { tagline: 'a'.repeat(31) }, 'has 31 characters; at most 30 are taken'],
    ['description', { description: 'a'.repeat(101) }, 'has 101 characters; at most 100 are taken'],
    ['description', { description: 'two\nlines' }, 'must be one line'],
    ['text', { text: 'a'.repeat(4_001) }, 'must have at most 4000 characters'],
    ['publisher', { publisher: 'a'.repeat(81) }, 'has 81 characters; at most 80 are taken'],
    ['website', { website: 'http://example.com' }, 'must be an https address, such as'],
    ['website', { website: `https://example.com/${'a'.repeat(1_024)}` }, 'must have at most 1024 characters'],
    ['repository', { repository: 'https://example.com/todos' }, 'must be the address of a repository on GitHub or'],
    ['repository', { repository: 'https://github.com/example' }, 'must be the address of a repository on GitHub or'],
    ['icon', { icon: 'icon.svg' }, 'must be the path of a .png file'],
    ['prompts', { prompts: ['a', 'b', 'c', 'd'] }, 'must be three at most'],
    ['prompts', { prompts: ['a', 'a'] }, 'must differ from each other'],
  ])('is refused by the name of %s, with what would do', ([key, changes, message]) => {
    expect(() => withListing(changes)).toThrow(`\n  listing.${key}: ${message}`);
  });

  test.for([
    ['a'.repeat(129), 'has 129 characters; at most 128 are taken'],
    ['Ask @todos', 'must not contain @'],
  ] as const)('has no prompt such as %s', ([prompt, message]) => {
    expect(() => withListing({ prompts: [prompt] })).toThrow(`\n  listing.prompts.0: ${message}`);
  });

  test('takes texts that are as long as they may be', () => {
    const full = {
      title: 'a'.repeat(30),
      description: 'b'.repeat(100),
      text: 'c'.repeat(4_000),
      prompts: ['d'.repeat(128)],
    };
    expect(withListing(full).listing).toMatchObject(full);
  });
});

describe('the proofs of a listing', () => {
  const key = (bytes: number) => Buffer.alloc(bytes, 1).toString('base64');

  test.for(['with space', '"quoted"', 'line\n', ''])('the token of OpenAI is not %j', (openai) => {
    expect(() => withListing({ proofs: { openai } })).toThrow('listing.proofs.openai: must be the token alone');
  });

  test.for([`v=MCPv1; k=ed25519; p=${key(32)}`, `v=MCPv1; k=ecdsap384; p=${key(49)}`])(
    'the line of the MCP registry may be %s',
    (mcpRegistry) => {
      expect(withListing({ proofs: { mcpRegistry } }).listing?.proofs.mcpRegistry).toBe(mcpRegistry);
    },
  );

  test.for([
    `v=MCPv1; k=ed25519; p=${key(31)}`,
    `v=MCPv1; k=ed25519; p=${key(64)}`,
    `v=MCPv1; k=rsa; p=${key(32)}`,
    `v=MCPv1;k=ed25519;p=${key(32)}`,
    `v=MCPv1; k=ed25519; p=${key(32)}\n`,
    key(32),
  ])('the line of the MCP registry is not %j', (mcpRegistry) => {
    expect(() => withListing({ proofs: { mcpRegistry } })).toThrow(
      'listing.proofs.mcpRegistry: must be the line v=MCPv1; k=ed25519; p=',
    );
  });
});

describe('the icon of a listing', () => {
  test('is served with its size', () => {
    expect(generatedModule(withListing({}))).toContain('"iconSide":512');
  });

  test.for([
    ['is too large', Buffer.alloc(50_001), 'has 50001 bytes; at most 50000 are allowed'],
    ['is no PNG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'is not a PNG file'],
    ['is empty', Buffer.alloc(0), 'is not a PNG file'],
    ['is not square', sized(512, 256), 'is 512 by 256 pixels; it must be square, such as 512 by 512'],
    ['is too small', sized(32, 32), 'is 32 pixels wide; it must be 48 to 4096, such as 512'],
  ] as const)('that %s is refused', ([, content, message]) => {
    expect(() => generatedModule(withListing({ icon: icon(content) }))).toThrow(message);
  });

  test('that is missing is refused by its path', () => {
    expect(() => generatedModule(withListing({ icon: 'nowhere/icon.png' }))).toThrow('nowhere/icon.png');
  });
});
