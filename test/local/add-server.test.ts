import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CallToolResult } from '@modelcontextprotocol/client';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { add } from '../../cli/add/add.ts';
import { driftOf } from '../../cli/check/drift.ts';
import { readAssembly } from '../../local/assembly.ts';
import { unportableParts } from '../../tools/portable-schema.ts';
import { type Outcome, runHere } from '../cli/program.ts';
import { assemblyOf } from '../support/assembly.ts';
import { auditedDuring } from '../support/audit.ts';
import { type Services, startServices } from '../support/aws.ts';
import { connect } from '../support/flow.ts';
import { callTool } from '../support/mcp.ts';
import { json, type Service, startService } from '../support/service.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';
import { resources, templateOf } from '../support/template.ts';
import { connectTools, type ToolClient } from '../support/tool-client.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const hostile = 'test/support/servers/hostile.mjs';
const secret = 'word-that-nobody-reads';
const documents = join(root, 'docs/decisions');

function addServer(...args: readonly string[]): Promise<Outcome> {
  return runHere((given, terminal) => add(['server', ...given], terminal), args);
}

/** What the product says of itself goes with each result. */
function without<T extends { _meta?: unknown }>({ _meta, ...result }: T): Omit<T, '_meta'> {
  return result;
}

describe('a project with servers of others', () => {
  let project: string;
  let tools: string;
  let services: Services;
  let ssm: Service;
  let stack: RunningStack;
  let person: ToolClient;
  const said: Record<string, Outcome> = {};
  const file = (name: string) => join(project, 'tools', name, 'server.ts');
  const call = async (name: string, given: object = {}) =>
    without(await person.client.callTool({ name, arguments: { ...given } }));
  const textOf = async (name: string, given: object = {}) => {
    const { content } = (await call(name, given)) as CallToolResult;
    return content.map((one) => (one.type === 'text' ? one.text : one.type)).join('\n');
  };

  // Below this folder `vestibule-mcp` is the package itself, as it is below the folder where it is installed.
  beforeAll(async () => {
    mkdirSync(join(root, '.generated'), { recursive: true });
    project = mkdtempSync(join(root, '.generated/server-'));
    tools = join(project, 'tools/index.ts');
    mkdirSync(join(project, 'tools'));
    const out = (name: string) => ['--name', name, '--out', join(project, 'tools', name)];
    const package_ = (name: string) => `@modelcontextprotocol/server-${name}`;
    await Promise.all(
      Object.entries({
        everything: [package_('everything')],
        thinking: [package_('sequential-thinking')],
        files: [package_('filesystem'), '--', documents],
        hostile: [hostile, '--env', 'PLACE=here'],
        keeping: [hostile, '--secret', 'SECRET_WORD', '--secret', 'OTHER_WORD'],
        hanging: [hostile],
      }).map(async ([name, [from = '', ...words]]) => {
        said[name] = await addServer(from, ...out(name), ...words);
      }),
    );
    const names = ['everything', 'thinking', 'files', 'hostile', 'keeping', 'hanging'];
    for (const name of ['keeping', 'hanging']) {
      const text = readFileSync(file(name), 'utf8');
      const renamed = text.replaceAll(/^ {6}name: '(\w+)',$/gm, `      name: '${name}_$1',\n      tool: '$1',`);
      writeFileSync(file(name), renamed.replace(/^ {2}from: .*$/m, '$&\n  seconds: 1,'));
    }
    writeFileSync(
      tools,
      [
        ...names.map((name) => `import { ${name}Pack, ${name}Scopes } from './${name}/server.ts';`),
        `export const packs = { ${names.map((name) => `${name}: ${name}Pack`).join(', ')} };`,
        `export const scopes = { ${names.map((name) => `...${name}Scopes`).join(', ')} };`,
      ].join('\n'),
    );
    [services, ssm] = await Promise.all([startServices(), startService()]);
    ssm.serve('/', (_, response) => response.writeHead(400).end('{"__type":"ParameterNotFound"}'));
    stack = await startStackWith({}, { tools, env: { ...services.env, AWS_ENDPOINT_URL_SSM: ssm.url } });
    const scope = names.map((name) => `${name}:write`).join(' ');
    person = await connectTools(stack.issuer, { request: { scope: `${scope} thinking:read` } });
  }, 180_000);
  afterAll(async () => {
    await person?.close();
    await stack?.stop();
    await Promise.all([services?.stop(), ssm?.stop()]);
    rmSync(project, { recursive: true, force: true });
  });

  describe('vestibule add server', () => {
    test('says what it has written, what it has left out and what is to be done', () => {
      const { stdout = '' } = said.everything ?? {};
      expect(stdout).toMatch(/^Wrote 12 tools to \S+\/everything\/server\.ts:\n/);
      expect(stdout).toContain('  everything_echo                 Echo Tool\n');
      expect(stdout).toContain('  get-sum                         Get Sum Tool\n');
      expect(stdout).toContain('Left out:\n  simulate-research-query: it only runs as a task\n');
      expect(said.keeping?.stdout).toContain('SECRET_WORD is read from /vestibule/keeping/secret-word in SSM');
    });

    test('writes one file that a person can read and change', () => {
      const text = readFileSync(file('hostile'), 'utf8');
      expect(text).toContain(`defineServer({
  name: 'hostile',
  from: '${hostile}',
  environment: { PLACE: 'here' },
});`);
      expect(text).toContain(`    serverTool(hostileServer, {
      name: 'count',
      title: 'Count',
      description: 'Count',
      scope: 'hostile:write',
      input: z.strictObject({ text: z.string().optional().describe('Any text') }),
      annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true },
`);
      expect(text).toContain("  'hostile:write': { text: 'Change things with hostile' },");
      expect(readFileSync(file('files'), 'utf8')).toContain(`  args: ['${documents}'],\n`);
      expect(readFileSync(file('keeping'), 'utf8')).toContain("SECRET_WORD: '/vestibule/keeping/secret-word'");
    });
  });

  describe('vestibule check', () => {
    test('says in one line that a tool is gone or takes another input', async () => {
      const effects = { readOnlyHint: true, destructiveHint: false, openWorldHint: false };
      const hosted = (name: string, schema: string) => ({
        ...effects,
        name,
        hosted: { server: 'files', tool: name, schema },
      });
      const assembly = readAssembly(await assemblyOf({ changes: {}, tools }));
      const drift = await driftOf(assembly, [hosted('carry_file', 'any'), hosted('read_file', 'another')]);
      const changed = /^files takes another input for read_file than is written: .* set schema: '[\w-]{16}'$/;
      const gone = 'files has no tool carry_file any more: take it out of its file';
      expect(drift.wrong).toEqual([gone, expect.stringMatching(changed)]);
      expect(drift.lines).toContain('everything has its tools as they are written');
    });
  });

  describe('servers from npm, MCP 2026-07-28, Tools', () => {
    test('have their tools listed as they describe them', () => {
      const tool = person.tools.find(({ name }) => name === 'get-sum');
      expect(tool).toMatchObject({
        title: 'Get Sum Tool',
        description: 'Returns the sum of two numbers',
        annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false, idempotentHint: true },
        inputSchema: { type: 'object', required: ['a', 'b'] },
        _meta: { securitySchemes: [{ type: 'oauth2', scopes: ['everything:read'] }] },
      });
      expect(tool).not.toHaveProperty('outputSchema');
      const schemas = person.tools.map((one) => one.inputSchema as Parameters<typeof unportableParts>[0]);
      expect(schemas.length).toBeGreaterThan(50);
      expect(schemas.flatMap((schema) => unportableParts(schema))).toEqual([]);
    });

    test('answer with text, structured content, pictures, files and links', async () => {
      expect(await call('get-sum', { a: 1, b: 2 })).toEqual({
        content: [{ type: 'text', text: 'The sum of 1 and 2 is 3.' }],
      });
      expect(await call('everything_echo', { message: 'ä' })).toMatchObject({ content: [{ text: 'Echo: ä' }] });
      const structured = await call('get-structured-content', { location: 'Chicago' });
      expect(structured.structuredContent).toMatchObject({ temperature: expect.any(Number) });
      const picture = await call('get-tiny-image');
      expect(picture.content).toContainEqual(
        expect.objectContaining({ type: 'image', mimeType: 'image/png', data: expect.stringMatching(/^iVBOR/) }),
      );
      const reference = await call('get-resource-reference', { resourceType: 'Blob' });
      expect(reference.content).toContainEqual(
        expect.objectContaining({ type: 'resource', resource: expect.objectContaining({ blob: expect.any(String) }) }),
      );
      const links = await call('get-resource-links', { count: 2 });
      expect((links as CallToolResult).content.filter(({ type }) => type === 'resource_link')).toHaveLength(2);
      const thought = { thought: 'So', nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 };
      expect(await call('sequentialthinking', thought)).toMatchObject({ structuredContent: { thoughtNumber: 1 } });
      expect(await textOf('list_directory', { path: documents })).toContain('[FILE] 001-');
    });

    test('tell what they refuse, and that a tool is not theirs', async () => {
      const outside = await call('read_text_file', { path: '/etc/hostname' });
      expect(outside).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('denied') }] });
    });

    test('are not asked with arguments that their tool does not take, by callers who may not, or for what there is not', async () => {
      const wrong = await call('get-sum', { a: 1, b: 'two', c: 3 });
      expect(wrong).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/\bb\b.*\bc\b/s) }] });
      const { access_token: token } = person.tokens;
      const unknown = await callTool(stack.issuer, token, 'carry_file', {});
      expect(unknown.message.error?.code).toBe(-32602);
      const { tokens } = await connect(stack.issuer, { request: { scope: 'everything:read' } });
      const sum = await callTool(stack.issuer, tokens.access_token, 'get-sum', { a: 1, b: 2 });
      expect(sum.status).toBe(200);
      const refused = await callTool(stack.issuer, tokens.access_token, 'count', {});
      expect(refused.status).toBe(403);
      expect(refused.headers.get('www-authenticate')).toMatch(/error="insufficient_scope".*scope="[^"]*hostile:write/);
      expect((await callTool(stack.issuer, undefined, 'get-sum', { a: 1, b: 2 })).status).toBe(401);
    });

    test('are on record with each call', async () => {
      const items = await auditedDuring(services.table, async () => {
        await call('get-sum', { a: 1, b: 2 });
        await call('refuse');
        await call('get-sum', { a: 1 });
      });
      expect(items.map(({ tool, outcome }) => `${tool} ${outcome}`)).toEqual([
        ...['get-sum started', 'get-sum allowed', 'refuse started', 'refuse failed'],
        ...['get-sum started', 'get-sum failed'],
      ]);
    });
  });

  describe('a server that does what none should', () => {
    test.for([
      ['garbage', 'after garbage'],
      ['flood', 'after a flood'],
      ['refuse', 'Not today.'],
      ['fail', 'hostile refused this: It broke'],
      ['large_text', 'hostile answered with more than there is room for. Ask for less.'],
      ['large_picture', 'hostile answered with more than there is room for. Ask for less.'],
      ['large_line', 'hostile answered with more than there is room for. Ask for less.'],
      ['deep', 'hostile answered with something that is no result of a tool.'],
      ['half', 'hostile answered with something that is no result of a tool.'],
      ['strange', 'hostile answered with something that is no result of a tool.'],
      // What it asks for is refused with "method not found", but for a ping.
      ['ask', '[-32601,-32601,-32601,-32601,{}]'],
      [
        'crash',
        'hostile stopped before it had answered, and nobody knows how far it came. The next call starts it again.',
      ],
    ] as const)('%s: %s', async ([name, says]) => {
      expect(await textOf(name)).toBe(says);
      // It goes on with the next call, or has been started again.
      expect(await textOf('count', { text: 'and on' })).toMatch(/^\d+ and on$/);
    });

    test('starts anew after a crash, and otherwise goes on', async () => {
      await textOf('crash');
      expect(await textOf('count', { text: 'a' })).toBe('1 a');
      expect(await textOf('count', { text: 'b' })).toBe('2 b');
    });

    test('is stopped when it hangs or spins, and started again', async () => {
      const says = 'hanging gave no answer within 1 seconds and was stopped. Ask for less at once.';
      expect(await Promise.all([textOf('hanging_hang'), textOf('hanging_spin')])).toEqual([says, says]);
      expect(await textOf('hanging_count', { text: 'a' })).toBe('1 a');
    });

    test('passes on nothing beside the result that a client could take for the word of this server', async () => {
      expect(await call('meta')).toEqual({
        content: [{ type: 'text', text: 'with more' }],
        structuredContent: { a: 1 },
      });
    });

    test('is given its own variables and nothing of this server, neither keys nor tokens', async () => {
      const given = JSON.parse(await textOf('environment'));
      expect(Object.keys(given).sort()).toEqual(['HOME', 'PATH', 'PLACE', 'TMPDIR', 'TZ']);
      expect(given.PLACE).toBe('here');
    });

    test('has in the log what it says on its standard error, so many lines of a call, without addresses', async () => {
      await textOf('log', { text: 'told of somebody@example.com' });
      await textOf('flood');
      await expect.poll(stack.logs).toContain('"stderr":"told of (an address)"');
      await expect.poll(stack.logs).toContain('"stderr":"(more was left out)"');
      expect(stack.logs()).not.toContain('line 1999');
    });

    test('needs its secrets, gets what SSM has then, and has them in no log', async () => {
      expect(await textOf('keeping_environment')).toBe(
        'keeping needs SECRET_WORD, which the operator of this server has not set.',
      );
      ssm.serve('/', json({ Parameter: { Value: secret } }));
      expect(JSON.parse(await textOf('keeping_environment'))).toMatchObject({
        SECRET_WORD: secret,
        OTHER_WORD: secret,
      });
      await textOf('keeping_log', { text: `using ${secret} now` });
      await expect.poll(stack.logs).toContain('"stderr":"using (a secret) now"');
      expect(stack.logs()).not.toContain(secret);
    });
  });

  test('a server that computes without end ends with its Lambda, and leaves no folder behind', async () => {
    const { HOME } = JSON.parse(await textOf('environment'));
    const spinning = textOf('spin').catch(() => 'nobody answers');
    await expect.poll(stack.logs).toContain('"stderr":"spinning"');
    expect(existsSync(HOME)).toBe(true);
    stack.killChildren();
    await expect.poll(() => existsSync(HOME)).toBe(false);
    await spinning;
  });

  describe('what is deployed', () => {
    let template: Template;
    let folder: string;
    beforeAll(async () => {
      folder = await assemblyOf({ changes: {}, tools });
      template = Template.fromJSON(JSON.parse(readFileSync(join(folder, 'Vestibule.template.json'), 'utf8')));
    });
    type Statement = { readonly Action: unknown; readonly Resource: unknown };
    const statementsOf = (id: string) =>
      resources(template, 'AWS::IAM::Policy')
        .filter(([policy]) => policy.startsWith(id))
        .flatMap(([, { Properties }]) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement);
    const functionId = (name: string) =>
      resources(template, 'AWS::Lambda::Function').find(([id]) => id.startsWith(`${name}Function`))?.[0];

    test('is a Lambda for each server, which may write its own log and read its own secrets', () => {
      const own = (name: string) => statementsOf(`${name}Server`).map(({ Action }) => [Action].flat().join());
      const logs = 'logs:CreateLogStream,logs:PutLogEvents';
      expect(own('Everything')).toEqual([logs]);
      expect(own('Hostile')).toEqual([logs]);
      expect(own('Keeping')).toEqual([logs, 'ssm:GetParameter', 'ssm:GetParameter']);
      expect(
        JSON.stringify(
          statementsOf('KeepingServer')
            .slice(1)
            .map(({ Resource }) => Resource),
        ),
      ).toMatch(/parameter\/vestibule\/keeping\/secret-word.*parameter\/vestibule\/keeping\/other-word/);
      for (const name of ['Everything', 'Keeping'])
        template.hasResourceProperties('AWS::Lambda::Function', {
          Description: `Vestibule: The server ${name.toLowerCase()}, for the MCP endpoint`,
          Runtime: 'nodejs24.x',
          Architectures: ['arm64'],
          Timeout: 18,
        });
    });

    test('lets the MCP endpoint invoke just these', () => {
      const invoking = statementsOf('Mcp').filter(({ Action }) => Action === 'lambda:InvokeFunction');
      const servers = ['Everything', 'Thinking', 'Files', 'Hostile', 'Keeping', 'Hanging'];
      const arns = servers.map((name) => ({ 'Fn::GetAtt': [functionId(`${name}Server`), 'Arn'] }));
      expect(invoking.map(({ Resource }) => Resource)).toEqual(arns);
      const others = resources(template, 'AWS::IAM::Policy').filter(([id]) => !/^(Mcp|VersionCheck)/.test(id));
      expect(JSON.stringify(others)).not.toContain('lambda:InvokeFunction');
    });

    test('is not there without such a server', async () => {
      const plain = await templateOf();
      const ids = resources(plain, 'AWS::Lambda::Function').map(([id]) => id);
      expect(ids.filter((id) => id.includes('Server'))).toEqual([]);
      const policies = resources(plain, 'AWS::IAM::Policy').filter(([id]) => id.startsWith('Mcp'));
      expect(JSON.stringify(policies)).not.toContain('lambda:');
    });

    test('leaves the bundle of the MCP endpoint as small as it may be', () => {
      const { Code } =
        resources(template, 'AWS::Lambda::Function').find(([id]) => id === functionId('Mcp'))?.[1].Properties ?? {};
      const mcp = readAssembly(folder).assetFolder((Code as { S3Key: string }).S3Key);
      expect(statSync(join(mcp, 'index.js')).size / 1_024).toBeLessThan(550);
      expect(readdirSync(mcp)).not.toContain('server');
    });
  });
});
