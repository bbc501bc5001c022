import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { newAddress } from '../support/flow.ts';
import { freePort } from '../support/loopback-server.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';
import { Operator } from './admin-process.ts';
import { alteredServer, changeMembers } from './altered-server.ts';
import { doctor, examine, namesOf } from './doctor-process.ts';

const real = inject('issuer');

const overTls = ['TLS certificate', 'TLS versions', 'HSTS', 'plain http'];
const signedIn = [
  ...['sign-in', 'tools', 'call of a tool', 'refresh', 'refresh that is repeated', 'token bound to a key'],
  'challenge for a missing scope',
  ...['token in the address', 'revocation', 'access ends', 'refresh ends'],
];

describe('a server that works', () => {
  test.for(['/mcp', '', '/', '/mcp/'])('passes when it is named by %s', async (path) => {
    const report = await examine(['--url', `${real}${path}`]);
    expect(report.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(namesOf(report, 'not checked')).toEqual([...overTls, ...signedIn]);
    expect(report).toMatchObject({ code: 0, issuer: real, failed: 0, notChecked: 15 });
    expect(report.passed).toBeGreaterThan(50);
  });

  test('passes with a sign-in too', async () => {
    const report = await examine(['--local', real, '--sign-in', '--email', newAddress()]);
    expect(report.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(namesOf(report, 'not checked')).toEqual(overTls);
    expect(report.code).toBe(0);
    expect(report.checks.find(({ name }) => name === 'challenge for a missing scope')?.says).toMatch(/alone$/);
  });

  test('is left as it was: the client is removed, and what it was granted ended', async () => {
    const requests: string[] = [];
    const ids = new Set<string>();
    const { url } = await alteredServer(real, {
      alter: ({ method, path, status, body }) => {
        requests.push(`${method} ${path} ${status}`);
        if (path === '/register' && status === 201) ids.add(JSON.parse(body).client_id);
      },
    });
    expect((await examine(['--url', url, '--sign-in', '--email', newAddress()])).failed).toBe(0);
    expect(ids.size).toBe(1);
    const [id = ''] = ids;
    expect(requests).toContain('POST /revoke 200');
    const shown = await new Operator(real).run('clients', 'show', id);
    expect(shown).toMatchObject({ code: 1, stderr: expect.stringContaining('no client') });
  });

  test('is told of in a line for each check, with how long it took', async () => {
    const { code, stdout, stderr } = await doctor(['--url', `${real}/mcp`]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^The server\nok {4}answers · \d+ ms\n/);
    expect(stdout).toMatch(/^ok {4}scopes of the resource · todos:read todos:write .* · \d+ ms$/m);
    expect(stdout).toMatch(/^- {5}sign-in · not checked: needs --sign-in$/m);
    expect(stdout).toMatch(/\n\n\d+ passed, 0 failed, 15 not checked\.\n$/);
  });

  test('shows the whole exchange with --verbose, and no secret of it', async () => {
    const secrets = new Set<string>();
    const { url } = await alteredServer(real, {
      alter: ({ path, sent, sentHeaders, headers, body }) => {
        for (const name of ['code', 'code_verifier', 'form_token']) secrets.add(sent.get(name) ?? '');
        for (const cookie of [...headers.getSetCookie(), sentHeaders.get('cookie') ?? ''])
          secrets.add(/=([^;]*)/.exec(cookie)?.[1] ?? '');
        secrets.add(URL.parse(headers.get('location') ?? '')?.searchParams.get('code') ?? '');
        const said = ['/token', '/register'].includes(path) ? JSON.parse(body || '{}') : {};
        for (const name of ['access_token', 'refresh_token', 'registration_access_token'])
          secrets.add(said[name] ?? '');
      },
    });
    const { code, stdout, stderr } = await doctor(['--url', url, '--sign-in', '--email', newAddress(), '--verbose']);
    expect(code).toBe(0);
    secrets.delete('');
    expect(secrets.size).toBeGreaterThanOrEqual(12);
    expect(stderr).toContain('→ POST');
    expect([...secrets].filter((secret) => (stdout + stderr).includes(secret))).toEqual([]);
  });
});

describe('a server whose public tools are open to all', () => {
  test('passes, for it asks for a token where one is needed', async () => {
    const open = await startStackWith({ tools: { public: true } });
    onTestFinished(() => open.stop());
    const report = await examine(['--url', open.mcpUrl, '--sign-in', '--email', newAddress()]);
    expect(report.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  });
});

describe('a server where clients may not register themselves', () => {
  const redirectUris = ['http://127.0.0.1/callback'];
  const client = { id: 'doctor', name: 'Doctor', redirectUris, authMethod: 'none' } as const;
  const needClient = [
    'foreign redirect URI',
    'error for the client',
    'sign-in page',
    'cookies',
    'outside providers',
    'made-up refresh token',
  ];
  const needRegistration = ['reading the registration', 'bad redirect URI', 'removal of the registration'];

  let closed: RunningStack;
  beforeAll(async () => {
    closed = await startStackWith({ registration: { dynamic: false }, clients: [client] });
  });
  afterAll(() => closed.stop());

  test('is right, and that is said', async () => {
    const report = await examine(['--url', closed.mcpUrl, '--sign-in']);
    expect(report).toMatchObject({ code: 0, failed: 0 });
    expect(report.checks.find(({ name }) => name === 'registration')?.says).toContain('closed by the settings');
    const notChecked = [...overTls, ...needRegistration, ...needClient, ...signedIn];
    expect(namesOf(report, 'not checked').sort()).toEqual(notChecked.sort());
    expect(report.checks.find(({ name }) => name === 'cookies')?.says).toContain('--client-id');
  });

  test('is examined as a client of the operator', async () => {
    const report = await examine([
      '--url',
      closed.mcpUrl,
      '--sign-in',
      '--email',
      newAddress(),
      '--client-id',
      'doctor',
    ]);
    expect(report).toMatchObject({ code: 0, failed: 0 });
    expect(namesOf(report, 'not checked').sort()).toEqual([...overTls, ...needRegistration].sort());
  });

  test('is wrong when it lets them all the same, and the client is removed', async () => {
    const removed: string[] = [];
    const { url } = await alteredServer(real, {
      alter: (exchange) => {
        const { method, path, status } = exchange;
        if (method === 'DELETE' && status === 204) removed.push(path);
        if (/authorization-server|openid/.test(path)) changeMembers(exchange, { registration_endpoint: undefined });
      },
    });
    const report = await examine(['--url', url]);
    expect(namesOf(report, 'failed')).toEqual(['registration']);
    expect(removed).toEqual([expect.stringMatching(/^\/register\/./)]);
  });
});

describe('the command line', () => {
  const url = 'https://mcp.example/mcp';
  const wrong: readonly { readonly args: readonly string[]; readonly says: string }[] = [
    { args: [], says: 'Say which server: --url URL or --local' },
    { args: ['--url', url, '--local'], says: '--url and --local cannot be used together' },
    { args: ['--url', 'mcp.example'], says: '--url must be an https address' },
    { args: ['--url', 'http://mcp.example/mcp'], says: '--url must be an https address' },
    { args: ['--url', 'https://mcp.example/prod/mcp'], says: '--url must be an MCP URL' },
    { args: ['--url', 'https://mcp.example/mcp?x=1'], says: '--url must be an MCP URL' },
    { args: ['--local', 'https://mcp.example'], says: '--local must be an http address of this machine' },
    { args: ['--local', '--no-browser'], says: '--no-browser needs --sign-in' },
    { args: ['--local', '--timeout', '5'], says: '--timeout needs --sign-in' },
    { args: ['--url', url, '--sign-in', '--email', 'a@b.example'], says: '--email works only with a server on this' },
    { args: ['--local', '--limit', 'long'], says: '--limit must be a number of seconds' },
    { args: ['--local', '--bogus'], says: "Unknown option '--bogus'" },
    { args: ['--local', 'http://localhost:1', 'more'], says: "Unexpected argument 'more'" },
  ];
  test.for(wrong)('$args is refused in one sentence', async ({ args, says }) => {
    const { code, stdout, stderr } = await doctor(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test('--help explains every option', async () => {
    const { code, stdout } = await doctor(['--help']);
    expect(code).toBe(0);
    for (const option of ['url', 'local', 'sign-in', 'email', 'no-browser', 'timeout', 'client-id', 'stack', 'limit'])
      expect(stdout).toContain(`--${option} `);
    for (const option of ['json', 'verbose', 'help']) expect(stdout).toContain(`--${option} `);
  });
});

describe('a server that cannot be examined', () => {
  test('because nothing listens there, is one failure and nothing more', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const report = await examine(['--url', url, '--sign-in']);
    expect(report).toMatchObject({ code: 1, passed: 0, failed: 1 });
    expect(report.checks[0]).toMatchObject({
      name: 'answers',
      says: `${url} cannot be reached: nothing listens there.`,
      remedy: expect.stringContaining('McpUrl'),
    });
  });

  test('because it answers a check too late, fails in that check alone', async () => {
    const { url } = await alteredServer(real, { ignores: ({ path }) => path === '/nothing' });
    const report = await examine(['--url', url, '--limit', '5']);
    expect(namesOf(report, 'failed')).toEqual(['unknown paths']);
    const [late] = report.checks.filter(({ outcome }) => outcome === 'failed');
    expect(late).toMatchObject({
      says: 'there was no answer within 5 seconds',
      remedy: expect.stringContaining('log'),
    });
  });
});
