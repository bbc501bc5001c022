import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { add } from '../../cli/add/add.ts';
import { listen } from '../../local/http.ts';
import { portableSchema, unportableParts } from '../../tools/portable-schema.ts';
import { type Outcome, runHere } from '../cli/program.ts';
import { type ServiceSite, startServiceSite } from '../support/service-site.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';
import { connectTools, type ToolClient } from '../support/tool-client.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const shop = fileURLToPath(new URL('openapi/shop.json', import.meta.url));
const examples = join(root, 'node_modules/@readme/oas-examples');

function addOpenapi(...args: readonly string[]): Promise<Outcome> {
  return runHere((given, terminal) => add(['openapi', ...given], terminal), args);
}

/** A folder for the length of a test. */
function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-openapi-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function written(text: string, name = 'document.json'): string {
  const file = join(temporary(), name);
  writeFileSync(file, text);
  return file;
}

const document = (changes: object) =>
  JSON.stringify({ openapi: '3.1.0', info: { title: 'Shop' }, paths: { '/a': { get: {} } }, ...changes });

describe('a project with tools from two documents', () => {
  let project: string;
  let site: ServiceSite;
  let stack: RunningStack;
  let person: ToolClient;
  let said: Outcome;

  // Below this folder `vestibule-mcp` is the package itself, as it is below the folder where it is installed.
  beforeAll(async () => {
    mkdirSync(join(root, '.generated'), { recursive: true });
    project = mkdtempSync(join(root, '.generated/openapi-'));
    mkdirSync(join(project, 'tools'));
    for (const part of ['app.ts', 'cdk.json', 'tsconfig.json', 'vestibule.config.ts'])
      cpSync(join(root, 'create/template', part), join(project, part));
    const config = join(project, 'vestibule.config.ts');
    const settings = readFileSync(config, 'utf8').replace('{{stack}}', 'Shop').replace('{{name}}', 'Shop');
    writeFileSync(config, settings.replace('{{sender}}', 'a@b.example'));
    await addOpenapi(join(examples, '3.1/yaml/train-travel.yaml'), '--out', join(project, 'tools/trains'));
    said = await addOpenapi(shop, '--out', join(project, 'tools/shop'));
    writeFileSync(
      join(project, 'tools/index.ts'),
      [
        "import { shopPack } from './shop/pack.ts';",
        "import { shopScopes } from './shop/scopes.ts';",
        "import { trainsPack } from './trains/pack.ts';",
        "import { trainsScopes } from './trains/scopes.ts';",
        'export const packs = { shop: shopPack, trains: trainsPack };',
        'export const scopes = { ...shopScopes, ...trainsScopes };',
      ].join('\n'),
    );
    site = await startServiceSite();
    const environment = { SHOP_URL: `${site.url}/v1`, SHOP_KEY: 'secret', TRAINS_URL: `${site.url}/trains` };
    stack = await startStackWith({ tools: { environment } }, { tools: join(project, 'tools/index.ts') });
    person = await connectTools(stack.issuer, { request: { scope: 'shop:write trains:read' } });
  }, 180_000);
  afterAll(async () => {
    await person?.close();
    await stack?.stop();
    site?.stop();
    rmSync(project, { recursive: true, force: true });
  });

  test('passes vestibule check', async () => {
    const program = join(root, 'bin/vestibule.cjs');
    const run = promisify(execFile)(process.execPath, [program, 'check'], { cwd: project });
    const { stdout } = await run.catch((error) => expect.fail(error.stdout));
    expect(stdout).toContain('✓ types\n');
    expect(stdout).toContain('    get_thing reads, and reaches other services\n');
    expect(stdout).toContain(
      '    delete_things_thing_id reads, adds, overwrites and removes, and reaches other services\n',
    );
    expect(stdout).toContain('✓ template');
  });

  test('says what it has left out, and why', () => {
    const [, left = ''] = said.stdout.split('Left out:\n');
    expect(left.split('\nNext')[0]?.split('\n')).toEqual([
      '  GET /things/{thing.id}: without theme: it is sent in a cookie',
      '  PUT /things: no tool: it takes files or a form in parts',
      '  TRACE /things: no tool: its method is TRACE',
      '  GET /signed: no tool: its key goes in a cookie',
      '  GET /elsewhere: no tool: it refers to another file, other.json#/x',
      '  POST /files: no tool: it takes a file',
    ]);
    expect(said.stdout).toContain('SHOP_KEY, in tools.secrets of vestibule.config.ts, names its key in SSM.');
  });

  test('has tools that say what they do, in the words of the document without what is hidden in them', () => {
    const tool = person.tools.find(({ name }) => name === 'get_thing');
    expect(tool?.title).toBe("Get a thing ');process.exit()//");
    const words =
      "Get a thing ');process.exit()//. With marks , a link and hidden text. Calls GET /things/{thing.id} of ";
    expect(tool?.description).toContain(words);
    expect(tool?.description).toMatch(/ of The \*\/ Shop\$\{x\} API\.$/);
    expect(tool?.annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false, openWorldHint: true });
    expect(person.tools.map(({ name }) => name).filter((name) => !name.includes('booking'))).toEqual([
      ...['get_thing', 'get_thing_2', 'delete_things_thing_id', 'delete', 'api_2'],
      ...['get_stations', 'get_trips'],
    ]);
  });

  test('sends a call as the document says', async () => {
    const got = () => site.got.splice(0).map(({ method, path, body }) => `${method} ${path} ${body}`);
    got();
    site.replies.push({ headers: { 'content-type': 'application/json' }, body: '{"id":1}' });
    const input = { thing_id: 'a/b', filter: { colour: 'red', 'a.b': 2 }, tags: ['x', 'y,z'], X_Note: 'hi' };
    expect(await person.run('get_thing', input)).toEqual({ status: 200, answer: '{"id":1}' });
    expect(site.got[0]?.headers).toMatchObject({ 'x-note': 'hi', 'x-key': 'secret' });
    await person.run('get_thing_2', {
      thing_id: '1',
      body: { part: '{"any":[1]}', size: 3, price: null, labels: [{ name: 'a', value: 'b' }], more: '{}', kind: 2 },
    });
    await person.run('delete', { body: { name: 'n' } });
    await person.run('api_2', { body: { word: 'a&b' } });
    await person.run('delete_things_thing_id', { thing_id: '1' });
    expect(site.got.at(-1)?.headers).not.toHaveProperty('x-key');
    expect(got()).toEqual([
      'GET /v1/things/a%2Fb?filter%5Bcolour%5D=red&filter%5Ba.b%5D=2&tags%5B%5D=x,y%2Cz ',
      'PATCH /v1/things/1 {"part":{"any":[1]},"size":3,"price":null,"labels":{"a":"b"},"more":{},"kind":2}',
      'POST /v1/things {"name":"n"}',
      'POST /v1/form word=a%26b',
      'DELETE /v1/things/1 ',
    ]);
  });

  test('tells the model what the API refuses, and what the operator has not set', async () => {
    site.replies.push({ status: 404, headers: { 'content-type': 'application/json' }, body: '{"detail":"gone"}' });
    expect(await person.refuse('get_thing', { thing_id: '1' })).toContain('answered 404: it says {"detail":"gone"}.');
    expect(await person.refuse('get_thing', { thing_id: '..' })).toContain('thing.id must not have "." or ".."');
    expect(await person.refuse('get_stations')).toContain('needs a key, TRAINS_O_AUTH2, which the operator');
    expect(await person.refuse('get_thing_2', { thing_id: '1', body: { part: '{' } })).toContain('must be JSON');
  });

  test('has schemas that every client takes', async () => {
    process.env.TABLE_NAME ??= 'not known here';
    const { packs } = await import(join(project, 'tools/index.ts'));
    const tools = [...packs.shop.tools, ...packs.trains.tools];
    expect(tools.flatMap(({ input }) => unportableParts(portableSchema(input, 'input')))).toEqual([]);
  });
});

describe('vestibule add openapi', () => {
  test('writes nothing with --dry-run, and says what it would in JSON', async () => {
    const out = join(temporary(), 'shop');
    const { stdout } = await addOpenapi(shop, '--out', out, '--dry-run', '--json', '--only', 'getThing,POST /f*');
    expect(JSON.parse(stdout)).toEqual({
      folder: out,
      files: ['get-thing.ts', 'api-2.ts', 'api.ts', 'pack.ts', 'scopes.ts'],
      tools: [
        { name: 'get_thing', method: 'GET', path: '/things/{thing.id}' },
        { name: 'api_2', method: 'POST', path: '/form' },
      ],
      renamed: [],
      leftOut: [
        { operation: 'GET /things/{thing.id}', reason: 'without theme: it is sent in a cookie' },
        { operation: 'POST /files', reason: 'no tool: it takes a file' },
      ],
      toSet: { environment: [], secrets: ['SHOP_KEY'] },
    });
    expect(existsSync(out)).toBe(false);
  });

  test('gives a tool whose name the project has already the name of the API before it, and says so', async () => {
    const out = join(temporary(), 'shop');
    const paths = {
      '/todos': { get: { operationId: 'listTodos' }, post: { operationId: 'add' } },
      '/who/ami': { get: {} },
    };
    const file = written(document({ paths }));
    const { stdout } = await addOpenapi(file, '--out', out);
    expect(stdout).toContain('  shop_list_todos  GET /todos\n');
    expect(stdout).toContain('\nThe project has a tool list_todos already, so this one is called shop_list_todos.\n');
    expect(stdout.match(/The project has a tool/g)).toHaveLength(1);
    const names = readdirSync(out).sort();
    expect(names).toEqual(['add.ts', 'api.ts', 'get-who-ami.ts', 'pack.ts', 'scopes.ts', 'shop-list-todos.ts']);
    expect(readFileSync(join(out, 'shop-list-todos.ts'), 'utf8')).toContain("name: 'shop_list_todos'");
    const dry = await addOpenapi(file, '--dry-run', '--json', '--out', join(out, 'other'));
    expect(JSON.parse(dry.stdout).renamed).toHaveLength(1);
  });

  test('writes nothing where the tools of the project cannot be loaded', async () => {
    const folder = temporary();
    mkdirSync(join(folder, 'tools'));
    writeFileSync(join(folder, 'tools/index.ts'), 'throw new Error("half\\nwritten");');
    const run = promisify(execFile)(process.execPath, [join(root, 'bin/vestibule.cjs'), 'add', 'openapi', shop], {
      cwd: folder,
    });
    await expect(run).rejects.toMatchObject({
      code: 1,
      stderr: "Nothing was written: tools/index.ts can't be loaded, so the names of its tools aren't known (half).\n",
    });
    expect(readdirSync(join(folder, 'tools'))).toEqual(['index.ts']);
  });

  test('leaves what is there as it is', async () => {
    const out = temporary();
    writeFileSync(join(out, 'mine.ts'), 'mine');
    await expect(addOpenapi(shop, '--out', out)).rejects.toThrow('is not empty');
    expect(readdirSync(out)).toEqual(['mine.ts']);
  });

  test.for<[string, string, string]>([
    ['no document', '{"a":1}', 'document.json is no document of OpenAPI'],
    ['neither JSON nor YAML', 'a: 1\nb: [', 'is neither JSON nor YAML at line 2, column'],
    ['broken JSON', '{"openapi": "3.1.0",\n "info": {"title" "x"}}', 'is neither JSON nor YAML at line 2, column'],
    ['Swagger', '{"swagger":"2.0"}', 'document.json is Swagger 2.0, which is not read: convert it'],
    ['a version to come', document({ openapi: '4.0.0' }), 'says OpenAPI "4.0.0"; what is read is 3.0 and 3.1'],
    ['no title', document({ info: {} }), 'document.json is not valid at #/info/title: '],
    [
      'a strange parameter',
      document({ paths: { '/a~b': { get: { parameters: [{ in: 'body' }] } } } }),
      '#/paths/~1a~0b',
    ],
    [
      'a reference to nothing',
      document({ paths: { '/a': { get: { parameters: [{ $ref: '#/x/y' }] } } } }),
      '#/x/y: something',
    ],
    [
      'a circle',
      document({ paths: { '/a': { $ref: '#/paths/~1a' } } }),
      'not valid at #/paths/~1a: it refers to itself',
    ],
    [
      'a bomb',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]`,
      'alias',
    ],
    ['nothing to do', document({ paths: {} }), 'has no operations'],
  ])('refuses a document that is %s in one sentence', async ([, text, said]) => {
    await expect(addOpenapi(written(text), '--dry-run')).rejects.toThrow(said);
  });

  test('refuses more operations than clients take, and a pattern that matches none', async () => {
    const many = Object.fromEntries(Array.from({ length: 129 }, (_, at) => [`/a${at}`, { get: {} }]));
    await expect(addOpenapi(written(document({ paths: many })), '--dry-run')).rejects.toThrow('That is 129 operations');
    await expect(addOpenapi(shop, '--dry-run', '--only', 'nope')).rejects.toThrow(
      '--only matches none of 10 operations',
    );
  });

  test('reads from this machine, follows nobody elsewhere, and asks no other address without TLS', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/moved') return response.writeHead(302, { location: 'http://evil.example/' }).end();
      return response.end(document({ servers: [{ url: '/v2' }] }));
    });
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${await listen(server, '127.0.0.1', 0)}`;
    const out = join(temporary(), 'shop');
    await addOpenapi(`${url}/openapi.json`, '--out', out);
    expect(readFileSync(join(out, 'api.ts'), 'utf8')).toContain(`optionalEnv('SHOP_URL') || '${url}/v2'`);
    await expect(addOpenapi(`${url}/moved`)).rejects.toThrow('leads to http://evil.example/: give that address');
    await expect(addOpenapi('http://evil.example/a.json')).rejects.toThrow('from https, or from http on this machine');
    await expect(addOpenapi('file:///etc/passwd')).rejects.toThrow('A document is read from a file, from https');
  });

  test.for([
    [[], 'Say which document'],
    [['a', 'b'], 'b is one too many'],
    [['a', '--fast'], "Unknown option '--fast'"],
    [['a', '--only', 'x,'], '--only has a name that is empty'],
    [['nothing.yaml'], 'There is no file nothing.yaml.'],
  ] as const)('says what is wrong with %j', async ([args, said]) => {
    await expect(addOpenapi(...args)).rejects.toThrow(said);
  });
});
