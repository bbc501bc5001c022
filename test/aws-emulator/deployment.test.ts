import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { wire } from '../../cli/shared/wire.ts';
import type { StoredConnection } from '../cli/client-process.ts';
import type { Report } from '../cli/doctor-process.ts';
import { browserOfFile } from '../support/chromium.ts';
import { Account } from './account.ts';
import { failing, settings as possible } from './differences.ts';
import type { Emulator } from './emulator.ts';
import { Operator, show } from './operator.ts';

const found = inject('emulator');
const title = 'an operator deploys to another AWS';

if ('missing' in found) {
  console.warn(`Not run: the deployment to an emulator of AWS. ${found.missing}`);
  test.skip(title);
} else {
  describe(title, () => describeDeployment(found));
}

function describeDeployment(emulator: Emulator): void {
  const operator = new Operator(emulator);
  const account = new Account(emulator);
  const chrome = browserOfFile();
  const storeFile = join(operator.folder, 'client.json');
  afterAll(() => operator.leave());

  /** A stage that one makes and takes down often. */
  const settings = { ...possible, sender: 'sign-in@notes.example.com', terminationProtection: false };
  const deploy = () => operator.run('npm run deploy -- --require-approval never');
  const mcpUrl = async () => (await account.stack()).outputs.McpUrl ?? '';

  /** Runs a command that has a person sign in, in a browser, with the code from their mail. */
  async function signingIn(command: string, address: string) {
    const run = operator.start(command);
    const url = await run.address;
    const context = await (await chrome()).newContext({ ignoreHTTPSErrors: true });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(url.href);
    await page.getByLabel('Email address').fill(address);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Code').waitFor();
    await page.getByLabel('Code').fill(await account.mailedCode(address));
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Allow' }).click();
    const outcome = await run.ended;
    show(command, outcome);
    return outcome;
  }

  const client = async (args: string) =>
    `npm run --silent client -- --url ${await mcpUrl()} --store ${storeFile} ${args}`;

  async function stored(): Promise<StoredConnection> {
    const all = JSON.parse(readFileSync(storeFile, 'utf8')) as Readonly<Record<string, StoredConnection>>;
    const connection = all[await mcpUrl()];
    if (!connection) throw new Error('The client has stored nothing');
    return connection;
  }

  /** Has the client take its access token for expired. */
  async function expire(): Promise<void> {
    const { tokens, ...rest } = await stored();
    const expired = { ...rest, tokens: { ...tokens, expires_at: 1 } };
    writeFileSync(storeFile, JSON.stringify({ [await mcpUrl()]: expired }), { mode: 0o600 });
  }

  test('is told to bootstrap first, in one sentence', async () => {
    operator.set(settings);
    const { code, stderr } = await deploy();
    expect(code).toBe(1);
    expect(stderr).toContain(
      `The CDK is not set up in this account and ${emulator.region}: run npx cdk bootstrap, once.`,
    );
  });

  const tool = join(operator.folder, 'tools/profile/whoami.ts');
  const source = readFileSync(tool, 'utf8');
  const broken = `if (process.env.AWS_LAMBDA_FUNCTION_NAME) throw new Error('Made for another runtime');\n`;

  test('is shown what a deploy would make, and nothing is made', async () => {
    expect(await operator.run('npx cdk bootstrap')).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await operator.run('npm run deploy -- --diff');
    expect(code).toBe(0);
    expect(stdout + stderr).toContain('[+] AWS::ApiGatewayV2::Api');
    expect(await account.possessions()).toEqual({ tables: [], keys: [], lambdas: [], apis: [] });
  });

  test('a first deploy that fails leaves nothing that costs money, and names what is left', async () => {
    operator.set({ ...settings, terminationProtection: true });
    writeFileSync(tool, source + broken);
    const { code, stderr } = await deploy();
    expect(code).not.toBe(0);
    const { tables, ...others } = await account.possessions();
    expect({ tables, ...others }).toEqual({ tables: [expect.any(String)], keys: [], lambdas: [], apis: [] });
    expect(stderr).toMatch(/^Nothing was deployed.*npm run deploy starts over\./m);
    expect(stderr).toContain(`The table ${tables[0]} stays, empty and at no cost: see "The first time"`);
    await account.deleteTable(tables[0] ?? '');
  });

  test('the next deploy makes all of it', async () => {
    operator.set(settings);
    writeFileSync(tool, source);
    const difference = await operator.run('npm run deploy -- --diff');
    expect(difference).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('the next one creates everything again'),
    });
    expect(await deploy()).toMatchObject({ code: 0 });
    expect(await account.stack()).toMatchObject({ status: 'CREATE_COMPLETE', outputs: { McpUrl: expect.any(String) } });
  });

  test('doctor finds all of it right, with a sign-in in a browser and the code from SES', async () => {
    const command = `npm run --silent doctor -- --url ${await mcpUrl()} --sign-in --no-browser --json`;
    const { stdout } = await signingIn(command, 'ada@notes.example.com');
    const { checks } = JSON.parse(stdout) as Report;
    expect(checks.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)).toEqual(failing);
    expect(checks.filter(({ outcome }) => outcome === 'not checked')).toEqual([]);
  });

  test('the command line client calls tools', async () => {
    const create = await client('--no-browser --tool create_todo --args {"title":"Water-the-plants"}');
    expect(await signingIn(create, 'grace@notes.example.com')).toMatchObject({ code: 0 });
    const list = await operator.run(await client('--tool list_todos'));
    expect(list).toMatchObject({ code: 0, stdout: expect.stringContaining('Water-the-plants') });
  });

  // As README.md and docs/operations.md have them, in their order.
  test.for([
    ['clients add --name Reports --redirect-uri https://reports.example/callback', /client_secret /],
    ['clients list', /Reports/],
    ['tenants add acme --name Acme', /The tenant is added/],
    ['tenants add-domain acme acme.example', /acme\.example/],
    ['tenants add-member acme anna@elsewhere.example --role admin', /anna@elsewhere\.example/],
    ['tenants policy acme --scopes profile:read,todos:read --calls-per-minute 600', /600/],
    ['tenants show acme', /acme\.example/],
    ['people show grace@notes.example.com', /personal-/],
    ['people grants grace@notes.example.com', /Vestibule command line/],
    ['audit --person grace@notes.example.com --since 2h', /create_todo/],
    ['audit --tenant operator --since 2h', /tenants add/],
  ] as const)('the operator runs: admin %s', async ([command, told]) => {
    expect(await operator.run(`npm run --silent admin -- ${command}`)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(told),
    });
  });

  test('the client refreshes its token', async () => {
    const { tokens } = await stored();
    await expire();
    expect(await operator.run(await client('--tool list_todos'))).toMatchObject({ code: 0 });
    const { tokens: fresh } = await stored();
    expect(decodeJwt(fresh.access_token).sub).toBe(decodeJwt(tokens.access_token).sub);
    expect(fresh.refresh_token).not.toBe(tokens.refresh_token);
  });

  test('changes the signing key by a second deploy, and nobody is signed out', async () => {
    const { tokens: before } = await stored();
    operator.set({ ...settings, signingKeys: { current: 'second', retired: 'first' } });
    expect(await deploy()).toMatchObject({ code: 0 });
    expect(await operator.run(await client('--tool list_todos'))).toMatchObject({ code: 0 });
    expect((await stored()).tokens.access_token).toBe(before.access_token);
    await expire();
    expect(await operator.run(await client('--tool list_todos'))).toMatchObject({ code: 0 });
    const used = [before, (await stored()).tokens].map((tokens) => decodeProtectedHeader(tokens.access_token).kid);
    const response = await wire(new URL('/.well-known/jwks.json', await mcpUrl()));
    const { keys } = (await response.json()) as { readonly keys: readonly { readonly kid: string }[] };
    expect(new Set(used).size).toBe(2);
    expect(new Set(keys.map(({ kid }) => kid))).toEqual(new Set(used));
  });

  const changed = source.replace('Who am I', 'Who is there');
  const titles = async () => (await operator.run(await client('--list --json'))).stdout;

  test('an update whose code does not load is taken back, and the version before serves on', async () => {
    writeFileSync(tool, changed + broken);
    const { code, stdout, stderr } = await deploy();
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain('Custom::VersionCheck');
    expect(await account.stack()).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(await titles()).toContain('Who am I');
  });

  test('the same update without the fault is deployed, and serves', async () => {
    writeFileSync(tool, changed);
    expect(await deploy()).toMatchObject({ code: 0 });
    expect(await account.stack()).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(await titles()).toContain('Who is there');
  });

  test('a revocation ends the access token, too', async () => {
    const { tokens } = await stored();
    expect(await operator.run(await client('--logout'))).toMatchObject({ code: 0 });
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
    const headers = {
      authorization: `Bearer ${tokens.access_token}`,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
    };
    const { status } = await wire(await mcpUrl(), { method: 'POST', headers, body });
    expect(status).toBe(401);
  });

  test('takes the stack down; table and keys stay until they are deleted by hand, and then nothing is left', async () => {
    const { TableName: table = '' } = (await account.stack()).outputs;
    expect(await operator.run('npx cdk destroy Vestibule --force')).toMatchObject({ code: 0 });
    // What people kept, and the keys of two generations, which a stack deployed again would not have.
    const left = await account.possessions();
    expect(left).toEqual({ tables: [table], keys: [expect.any(String), expect.any(String)], lambdas: [], apis: [] });
    await account.deleteTable(table);
    for (const key of left.keys) await account.deleteKey(key);
    expect(await account.possessions()).toEqual({ tables: [], keys: [], lambdas: [], apis: [] });
  });
}
