import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startStackWith } from '../support/settings-stack.ts';
import { admin, adminAlone, Operator } from './admin-process.ts';

type Answer = (path: string) => { readonly status: number; readonly body: string };

/** A server on this machine with these answers. Gives its origin. */
async function answering(answer: Answer): Promise<string> {
  const server = createServer((request, response) => {
    const { status, body } = answer(request.url ?? '');
    response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the command line', () => {
  const wrong: readonly { readonly args: readonly string[]; readonly says: string }[] = [
    { args: [], says: 'Say what to do: clients add, clients list' },
    { args: ['clients'], says: 'There is no command "clients": there are clients add' },
    { args: ['clients', 'fly'], says: 'There is no command "clients fly": there are clients add' },
    { args: ['tenants', 'fly'], says: 'There is no command "tenants fly": there are tenants add' },
    { args: ['fly'], says: 'There is no command "fly": there are clients add' },
    { args: ['clients', 'list', '--bogus'], says: "Unknown option '--bogus'" },
    { args: ['clients', 'list', '--finish'], says: '--finish does not serve with clients list' },
    { args: ['clients', 'list', 'all'], says: 'clients list does not take "all"' },
    { args: ['clients', 'show'], says: 'clients show needs the id of a client' },
    { args: ['clients', 'show', 'one', 'two'], says: 'clients show does not take "two"' },
    { args: ['clients', 'add'], says: 'clients add needs --name' },
    { args: ['people', 'move'], says: 'people move needs an e-mail address' },
    { args: ['people', 'move', 'anna@acme.example'], says: 'people move needs a tenant' },
    { args: ['people', 'move', 'anna@acme.example', 'acme', 'now'], says: 'people move does not take "now"' },
    { args: ['tenants', 'set-role', 'acme', 'anna@acme.example'], says: 'tenants set-role needs --role' },
    { args: ['tenants', 'policy', 'acme'], says: 'tenants policy needs what to change' },
    { args: ['tenants', 'policy', 'acme', '--tools', 'a', '--all-tools'], says: '--tools and --all-tools exclude' },
    { args: ['tenants', 'policy', 'acme', '--no-call-limit', '--calls-per-hour', '1'], says: '--no-call-limit and' },
    { args: ['tenants', 'policy', 'acme', '--calls-per-hour', 'many'], says: 'must be a whole number; it is many' },
    { args: ['clients', 'list', '--stack', 'A', '--local'], says: '--stack and --local exclude each other' },
    { args: ['clients', 'list', '--local', 'https://example.com'], says: '--local must be an http address of this' },
  ];
  test.for(wrong)('$args is refused in one sentence', async ({ args, says }) => {
    const isPlaced = args.includes('--stack') || args.includes('--local') || args.length < 2;
    const url = await answering(() => ({ status: 200, body: '{"AdminFunction":"Admin"}' }));
    const { code, stdout, stderr } = await admin([...args, ...(isPlaced ? [] : ['--local', url])]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test('--help explains every command and option', async () => {
    const { code, stdout } = await admin(['clients', '--help']);
    expect(code).toBe(0);
    const ofTenants = ['add', 'list', 'show', 'policy', 'add-domain', 'remove-domain', 'add-member', 'set-role'];
    for (const command of [...ofTenants, 'remove-member', 'remove']) expect(stdout).toContain(`tenants ${command} `);
    for (const command of ['show', 'grants', 'end-grants', 'disable', 'enable', 'move', 'lift'])
      expect(stdout).toContain(`people ${command} ADDRESS`);
    const ofPolicy = ['tools', 'all-tools', 'scopes', 'all-scopes', 'calls-per-minute', 'calls-per-hour'];
    const ofAudit = ['tenant', 'person', 'since', 'until', 'event', 'tool', 'outcome', 'follow'];
    for (const option of [...ofPolicy, 'no-call-limit', 'role', 'grant', ...ofAudit])
      expect(stdout).toMatch(new RegExp(`--${option}\\b`));
    for (const command of ['add', 'list', 'show', 'rotate-secret', 'remove'])
      expect(stdout).toContain(`clients ${command}`);
    for (const option of ['name', 'redirect-uri', 'auth-method', 'jwks', 'jwks-uri', 'resource-server', 'id', 'finish'])
      expect(stdout).toContain(`--${option} `);
    for (const option of ['stack', 'local', 'json']) expect(stdout).toContain(`--${option} `);
  });
});

describe('a server that cannot be used', () => {
  test('because nothing listens there', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const url = `http://127.0.0.1:${(free.address() as AddressInfo).port}`;
    await new Promise((resolve) => free.close(resolve));
    const run = await admin(['clients', 'list', '--local', url]);
    expect(run).toEqual({ code: 1, stdout: '', stderr: `${url} cannot be reached: nothing listens there.\n` });
  });

  test('because it is another one', async () => {
    const url = await answering(() => ({ status: 404, body: '{}' }));
    const run = await admin(['clients', 'list', '--local', url]);
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('has no output AdminFunction') });
  });

  test('because its Lambda failed', async () => {
    const url = await answering((path) =>
      path === '/local/outputs'
        ? { status: 200, body: '{"AdminFunction":"Admin"}' }
        : { status: 404, body: '{"Message":"Function not found: Admin"}' },
    );
    const run = await admin(['clients', 'list', '--local', url]);
    expect(run).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Function not found: Admin') });
  });
});

describe('a stack in AWS', () => {
  const region = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

  const described = (
    outputs: string,
  ) => `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
    <DescribeStacksResult><Stacks><member><StackName>Mine</StackName><Outputs>${outputs}</Outputs></member></Stacks></DescribeStacksResult>
  </DescribeStacksResponse>`;
  const missing = `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>
    <Message>Stack with id Mine does not exist</Message></Error></ErrorResponse>`;

  test('is found by its name, and its clients by the function that it names', async () => {
    const redirectUris = ['https://reports.example/callback'];
    const client = { id: 'reports', name: 'Reports', redirectUris, authMethod: 'none' } as const;
    const stack = await startStackWith({ clients: [client] });
    onTestFinished(() => stack.stop());
    const { AdminFunction } = (await (await fetch(`${stack.issuer}/local/outputs`)).json()) as Record<string, string>;
    const output = `<member><OutputKey>AdminFunction</OutputKey><OutputValue>${AdminFunction}</OutputValue></member>`;
    const cloudFormation = await answering(() => ({ status: 200, body: described(output) }));
    const env = {
      ...region,
      AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation,
      AWS_ENDPOINT_URL_LAMBDA: `${stack.issuer}/local/lambda`,
    };
    const list = await adminAlone(['clients', 'list', '--stack', 'Mine', '--json'], env);
    expect(list).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(list.stdout).clients).toMatchObject([{ client_id: 'reports', origin: 'settings' }]);

    const operator = new Operator(stack.issuer);
    expect(await operator.json('clients', 'show', 'reports')).toMatchObject({ redirect_uris: redirectUris });
    const removal = await operator.run('clients', 'remove', 'reports');
    expect(removal).toMatchObject({ code: 1, stderr: expect.stringContaining('is a client of the settings') });
    const about = ['--name', 'Other', '--redirect-uri', 'https://other.example/'];
    const addition = await operator.run('clients', 'add', ...about, '--id', 'reports');
    expect(addition).toMatchObject({ code: 1, stderr: 'The id reports is taken.\n' });
  });

  test('that does not exist is said so', async () => {
    const AWS_ENDPOINT_URL_CLOUDFORMATION = await answering(() => ({ status: 400, body: missing }));
    const run = await adminAlone(['clients', 'list', '--stack', 'Mine'], {
      ...region,
      AWS_ENDPOINT_URL_CLOUDFORMATION,
    });
    const stderr = 'There is no stack Mine in this account and region: --stack names another.\n';
    expect(run).toEqual({ code: 1, stdout: '', stderr });
  });

  test('without the function is an older one', async () => {
    const AWS_ENDPOINT_URL_CLOUDFORMATION = await answering(() => ({ status: 200, body: described('') }));
    const run = await adminAlone(['clients', 'list', '--stack', 'Mine'], {
      ...region,
      AWS_ENDPOINT_URL_CLOUDFORMATION,
    });
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('has no output AdminFunction') });
  });
});
