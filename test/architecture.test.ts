import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const rooms = ['api', 'bin', 'lib', 'lambdas', 'tools', 'core', 'local', 'cli', 'bench', 'examples'];

type Import = { readonly file: string; readonly target: string };

/** A room: what of ours its files may import, and which packages. Its own folder it may always import. */
type Room = { readonly ours: readonly string[]; readonly packages: readonly string[] };

const allRooms: Readonly<Record<string, Room>> = {
  'core/oauth': { ours: [], packages: ['node:crypto', 'jose', 'zod'] },
  'core/aws': { ours: ['core/env.ts'], packages: ['node:', '@aws-sdk/'] },
  'core/store': {
    ours: ['core/aws', 'core/oauth', 'core/limits.ts', 'core/env.ts', '#generated'],
    packages: ['node:', 'ulid'],
  },
  'core/keys': { ours: ['core/aws', 'core/oauth', 'core/env.ts', '#generated'], packages: ['node:'] },
  'core/mail': { ours: ['core/aws', 'core/oauth', 'core/env.ts', '#generated'], packages: ['node:'] },
  'core/http': {
    ours: [
      'core/oauth',
      'core/words',
      'core/routes.ts',
      'core/limits.ts',
      'core/env.ts',
      'core/issuer.ts',
      '#generated',
    ],
    packages: ['node:', '@middy/', 'aws-lambda'],
  },
  'core/words': { ours: ['#words'], packages: [] },
  'core/fetch': { ours: ['core/oauth', 'core/env.ts', '#generated'], packages: ['node:'] },
  'core/sign-in': { ours: ['core', '#generated'], packages: ['node:timers/promises', 'ulid'] },
  core: { ours: ['core', '#generated'], packages: ['node:'] },
  tools: {
    ours: [
      ...[
        'tools/define-tool.ts',
        'core/store',
        'core/limits.ts',
        'core/oauth/types.ts',
        'core/oauth/permission.ts',
        'core/oauth/principal.ts',
        'tools',
      ],
      'core/oauth/digest.ts',
      'core/words/languages.ts',
      ...['core/env.ts', 'core/fetch', 'core/keys/secret.ts', 'core/confinement.ts', 'core/ways-out.ts'],
      // A server of others is in another Lambda.
      ...['core/aws/lambda.ts', 'core/aws/error.ts', 'core/hosted-server.ts', 'core/http/sound-json.ts'],
    ],
    packages: ['node:', 'zod', 'ulid', 'jsep', 'big.js', packageJson.name],
  },
  lambdas: { ours: ['core', '#generated'], packages: ['node:', 'ulid'] },
  'lambdas/admin': { ours: ['core', '#generated'], packages: ['node:', 'zod'] },
  'lambdas/mcp': { ours: ['core', '#generated', 'tools'], packages: ['node:', '@modelcontextprotocol/server', 'zod'] },
  'lambdas/stdio': { ours: ['core'], packages: ['node:', '@modelcontextprotocol/client'] },
  'lambdas/provider': { ours: ['core', '#generated'], packages: ['node:', 'zod', 'jose'] },
  'lambdas/passkeys': { ours: ['core', '#generated'], packages: ['node:', 'zod', '@simplewebauthn/server'] },
  'lambdas/version-check': { ours: ['core'], packages: ['node:', '@aws-sdk/client-lambda'] },
  'lambdas/bounces': {
    ours: [
      'core/oauth/digest.ts',
      'core/store',
      'core/http/metrics.ts',
      'core/mail/asked-from.ts',
      'core/network-rates.ts',
    ],
    packages: ['zod'],
  },
  lib: {
    ours: [
      'core/routes.ts',
      'core/limits.ts',
      'core/words/languages.ts',
      'core/oauth/scope.ts',
      'core/oauth/permission.ts',
      'core/oauth/provider.ts',
      'core/http/metric-names.ts',
      'core/http/edge-headers.ts',
      'lib',
      'tools',
      'vestibule.config.ts',
    ],
    packages: ['node:', 'aws-cdk-lib', 'constructs', 'cdk-nag', 'esbuild', 'zod'],
  },
  bin: { ours: ['lib', 'vestibule.config.ts'], packages: ['node:'] },
  api: {
    ours: ['lib', 'tools', 'core/env.ts', 'core/keys/secret.ts', 'core/store/table.ts'],
    packages: [],
  },
  local: { ours: ['core/routes.ts'], packages: ['node:', '@aws-sdk/client-dynamodb'] },
  cli: {
    ours: [],
    packages: [
      ...['node:', '@modelcontextprotocol/client', 'zod'],
      ...['@aws-sdk/client-lambda', '@aws-sdk/client-cloudformation', '@aws-sdk/client-sesv2'],
    ],
  },
  'cli/shared': {
    ours: ['lib/settings.ts'],
    packages: ['node:', 'zod', '@modelcontextprotocol/client', '@aws-sdk/client-cloudformation'],
  },
  'cli/check': { ours: ['cli/shared', 'local/assembly.ts', 'local/refusal.ts', 'local/stack.ts'], packages: ['node:'] },
  'cli/add': {
    ours: ['cli/shared', 'lib/catalogue.ts', 'lib/server-files.ts'],
    packages: ['node:', 'yaml', 'zod', '@modelcontextprotocol/client'],
  },
  'cli/start': { ours: ['cli/shared', 'local/server.ts'], packages: [] },
  'cli/deploy': {
    ours: [
      ...['cli/shared', 'lib/settings.ts', 'lib/sender-identity.ts', 'lib/ceiling.ts', 'lib/edge-region.ts'],
      'core/oauth/provider-metadata.ts',
      'vestibule.config.ts',
    ],
    packages: ['node:', 'zod', '@aws-sdk/'],
  },
  bench: {
    ours: ['lib', 'local', 'core/oauth/refresh-token.ts', 'core/confinement.ts', 'test/support', 'vestibule.config.ts'],
    packages: [
      ...['node:', 'esbuild', 'jose', 'zod', '@modelcontextprotocol/server'],
      ...['@aws-sdk/client-dynamodb', '@aws-sdk/client-kms', '@aws-sdk/client-sesv2', '@aws-sdk/client-ssm'],
      ...['@aws-sdk/client-lambda', '@aws-sdk/util-dynamodb'],
    ],
  },
  examples: { ours: [], packages: ['node:', 'zod', 'aws-cdk-lib', packageJson.name] },
};

const files = globSync(`{${rooms.join(',')}}/**/*.ts`, { cwd: root, exclude: ['**/node_modules/**'] });
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const source = readFileSync(join(root, file), 'utf8');
  const statements = source.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)['"]([^'"\n]+)['"]/g);
  return [...statements].map(([, specifier = '']) => ({ file, target: resolved(file, specifier) }));
}

/** A path from the root for what is ours, else the specifier of a package. */
function resolved(file: string, specifier: string): string {
  if (specifier.startsWith('#later/')) return `core/oauth/${specifier.slice('#later/'.length)}.ts`;
  if (specifier.startsWith('.')) return relative(root, join(root, dirname(file), specifier));
  const isOfARoom = specifier.startsWith('#') && !['#generated', '#words'].includes(specifier.split('/')[0] ?? '');
  return isOfARoom ? specifier.slice(1) : specifier;
}

function isOurs(target: string): boolean {
  return (
    ['#generated', '#words'].includes(target.split('/')[0] ?? '') ||
    [...rooms, 'test/support'].some((room) => target.startsWith(`${room}/`)) ||
    target === 'vestibule.config.ts'
  );
}

/** The innermost room that a file is in. */
function roomOf(file: string): string {
  const names = Object.keys(allRooms).filter((name) => file.startsWith(`${name}/`));
  return names.sort((one, other) => other.length - one.length)[0] ?? file;
}

/** Each Lambda is a room of its own. */
function ownFolder(file: string): string {
  return file.startsWith('lambdas/') ? file.split('/').slice(0, 2).join('/') : roomOf(file);
}

function isAllowed({ file, target }: Import): boolean {
  const room = allRooms[roomOf(file)];
  if (!room) return false;
  if (!isOurs(target)) return room.packages.some((name) => target === name || target.startsWith(withSlash(name)));
  if (target.startsWith(`${ownFolder(file)}/`) && ownFolder(file) !== 'core') return true;
  return room.ours.some((allowed) => target === allowed || target.startsWith(`${allowed}/`));
}

function withSlash(name: string): string {
  return name.endsWith(':') || name.endsWith('/') ? name : `${name}/`;
}

describe('the rooms of the code', () => {
  test('reads every file of every room', () => {
    const read = new Set(imports.map(({ file }) => roomOf(file)));
    expect([...read].sort()).toEqual(Object.keys(allRooms).sort());
  });

  test('a file imports only what its room may', () => {
    const wrong = imports.filter((statement) => !isAllowed(statement));
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  test.for([
    ['core/oauth/pkce.ts', 'core/store/table.ts'],
    ['core/oauth/pkce.ts', '@aws-sdk/client-dynamodb'],
    ['core/oauth/pkce.ts', '#generated'],
    ['core/store/grants.ts', 'core/http/html.ts'],
    ['core/http/html.ts', '@aws-sdk/client-kms'],
    ['core/store/table.ts', '@aws-sdk/client-dynamodb'],
    ['core/aws/kms.ts', 'core/oauth/error.ts'],
    ['lambdas/bounces/handler.ts', 'core/aws/dynamodb.ts'],
    ['tools/todos/store.ts', 'core/aws/dynamodb.ts'],
    ['lambdas/token/handler.ts', 'lambdas/revoke/handler.ts'],
    ['lambdas/token/handler.ts', 'tools/index.ts'],
    ['lambdas/token/handler.ts', '@modelcontextprotocol/server'],
    ['lambdas/token/handler.ts', 'lib/settings.ts'],
    ['tools/todos/store.ts', 'core/http/html.ts'],
    ['tools/todos/store.ts', 'lambdas/mcp/serve.ts'],
    ['local/server.ts', 'lambdas/token/handler.ts'],
    ['cli/client/client.ts', 'core/oauth/pkce.ts'],
    ['cli/admin/admin.ts', 'core/store/operator-clients.ts'],
    ['cli/admin/admin.ts', '@aws-sdk/client-dynamodb'],
    ['cli/client/client.ts', 'lib/settings.ts'],
    ['lib/stack.ts', 'lambdas/token/handler.ts'],
  ] as const)('%s may not import %s', ([file, target]) => {
    expect(isAllowed({ file, target })).toBe(false);
  });

  test('only tools/index.ts gathers others, and what the package shows', () => {
    const barrels = files.filter((file) => file.endsWith('/index.ts') && !file.startsWith('api/'));
    expect(barrels).toEqual(['tools/index.ts']);
  });

  test('only core/env.ts reads the environment of a Lambda', () => {
    const readers = files.filter((file) => /^(core|lambdas|tools)\//.test(file) && contains(file, 'process.env'));
    expect(readers).toEqual(['core/env.ts']);
  });

  test('only types of the AWS SDK are in a Lambda that serves requests', () => {
    const serving = files.filter(
      (file) => /^(core|lambdas|tools)\//.test(file) && !/^lambdas\/version-check\//.test(file),
    );
    const sources = serving.map(text);
    const statements = sources.flatMap(
      (source) => source.match(/^(import|export)\b[^;]*?'@(aws-sdk|smithy)\/[^;]*;/gm) ?? [],
    );
    expect(statements.length).toBeGreaterThan(0);
    expect(statements.filter((statement) => !statement.startsWith('import type '))).toEqual([]);
  });

  test('only the request says what time it is, but for when it is signed and when it was counted', () => {
    const clocks = files.filter(
      (file) => /^(core|lambdas|tools)\//.test(file) && /Date\.now\(|new Date\(\)/.test(text(file)),
    );
    expect(clocks.sort()).toEqual(['core/aws/clock.ts', 'core/http/metrics.ts']);
  });
});

describe('what may take more time than its text is long', () => {
  const serving = files.filter((file) => /^(core|lambdas|tools)\//.test(file));
  const having = (pattern: RegExp) => serving.filter((file) => pattern.test(text(file)));

  test('normalises a text only where its length or its marks are bounded first', () => {
    expect(having(/\.normalize\(/)).toEqual(
      [
        'tools/text.ts', // bounds the marks
        'core/oauth/one-time-code.ts', // of what is typed for a code, and not a character more
        'core/mail/email-address.ts', // of what is typed for an address, and not a character more
        'lambdas/discovery/server-key.ts', // the name of this server, from its settings
      ].sort(byPath),
    );
  });

  test('builds a regular expression only from what stands in the code', () => {
    expect(having(/\bRegExp\(/)).toEqual(
      [
        'core/mail/email-address.ts',
        'core/oauth/one-time-code.ts',
        'core/oauth/shown-text.ts',
        'core/sign-in/browser.ts', // from the name of a cookie
        'core/store/additions.ts', // from what stands above it
        'tools/text.ts',
      ].sort(byPath),
    );
  });

  test('sorts only lists whose length is bounded', () => {
    expect(having(/\.(sort|toSorted)\(|localeCompare|Intl\.Collator/)).toEqual(
      [
        'core/aws/sign.ts', // the headers of a request of ours
        'core/fetch/stranger-connection.ts', // the addresses of a host
        'core/store/audit-trail.ts', // a page
        'core/store/passkeys.ts', // those of a person
        'core/sign-in/browser.ts', // the cookies of one request
        'lambdas/account/handler.ts', // the browsers of a person
        'core/words/choose.ts', // the languages of a header, of which so many are read
        'tools/todos/board-script.ts', // in the browser, what one answer shows
        'tools/todos/plan-my-day.ts', // a thousand todos
        'tools/todos/tags.ts', // the tags of as many
        'tools/workspace/search-documents.ts', // what one search reads
      ].sort(byPath),
    );
  });

  function byPath(one: string, other: string): number {
    return serving.indexOf(one) - serving.indexOf(other);
  }
});

describe('tools', () => {
  test('read the table, and write it only through their call', () => {
    const readers = ['find', 'findAll', 'query', 'Lookup', 'Write', 'Addition'];
    const taken = files
      .filter((file) => file.startsWith('tools/'))
      .flatMap((file) => text(file).match(/import[^;]*core\/store\/table\.ts'/g) ?? [])
      .flatMap((statement) => statement.match(/\{([^}]*)\}/)?.[1]?.split(',') ?? [])
      .map((name) => name.replace(/\btype\b/, '').trim())
      .filter((name) => name !== '');
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.filter((name) => !readers.includes(name))).toEqual([]);
  });

  test('every file of a tool, resource or prompt is listed', () => {
    const packs = globSync('tools/*/pack.ts', { cwd: root }).filter((file) =>
      contains('tools/index.ts', file.slice(5)),
    );
    const listed = ['tools/index.ts', ...packs].map(text).join('\n');
    const defined = files.filter((file) => file.startsWith('tools/') && contains(file, 'export default define'));
    expect(defined.length).toBeGreaterThan(0);
    const isListed = (file: string) =>
      [relative('tools', file), relative(dirname(file), file)].some((path) => listed.includes(`'./${path}'`));
    expect(defined.filter((file) => !isListed(file))).toEqual([]);
  });
});

describe('packages', () => {
  const declared = { ...packageJson.dependencies, ...packageJson.devDependencies, ...packageJson.optionalDependencies };

  test('have exact versions', () => {
    const loose = Object.entries(declared).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)));
    expect(loose).toEqual([]);
  });

  test('that are imported are declared', () => {
    const names = imports.map(({ target }) => target).filter((target) => !isOurs(target) && !isBuiltin(target));
    const packages = new Set(
      names.map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
    );
    const isDeclared = (name: string) => name === packageJson.name || name in declared || `@types/${name}` in declared;
    expect([...packages].filter((name) => !isDeclared(name))).toEqual([]);
  });
});

function isBuiltin(target: string): boolean {
  return target.startsWith('node:') || builtinModules.includes(target);
}

function text(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function contains(file: string, part: string): boolean {
  return text(file).includes(part);
}
