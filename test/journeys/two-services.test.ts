import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '#core/oauth/digest.ts';
import { Installation } from '../cli/client-process.ts';
import { connect, postMcp, type Tokens } from '../support/flow.ts';
import { callTool, outputOf, resultOf } from '../support/mcp.ts';
import { basic } from '../support/redemption.ts';
import { revoke } from '../support/revoke.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';

const secret = randomUUID();
const reports = {
  id: 'reports',
  name: 'Reports',
  authMethod: 'client_secret_basic' as const,
  secretHashes: [sha256(secret)],
  isResourceServer: true,
};

/** What a demonstration with two services had: public and protected tools, and a resource server that asks about tokens. */
describe('an authorization server and a resource server of another team', () => {
  let stack: RunningStack;
  let reportServer: Server;
  let reportUrl: string;
  beforeAll(async () => {
    stack = await startStackWith({ tools: { public: true }, clients: [reports] });
    reportServer = createServer(async ({ headers }, response) => {
      const about = await introspect(headers.authorization?.slice('Bearer '.length) ?? '');
      if (about.active) response.end(JSON.stringify({ report: `for ${about.sub}`, scope: about.scope }));
      else response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
    }).listen(0, '127.0.0.1');
    await once(reportServer, 'listening');
    reportUrl = `http://127.0.0.1:${(reportServer.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    reportServer.close();
    await stack.stop();
  });

  /** As a resource server elsewhere does: it knows the address of the endpoint, and has a secret of its own. */
  async function introspect(
    token: string,
    headers = basic(reports.id, secret),
  ): Promise<Readonly<Record<string, unknown>>> {
    const response = await fetch(`${stack.issuer}/introspect`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ token }),
    });
    return response.ok ? ((await response.json()) as Readonly<Record<string, unknown>>) : { status: response.status };
  }

  const fetchReport = (token: string) => fetch(reportUrl, { headers: { authorization: `Bearer ${token}` } });

  test('anybody is greeted, without signing in', async () => {
    const greeting = outputOf(await callTool(stack.issuer, undefined, 'greet', { name: 'Ada' }));
    expect(JSON.stringify(greeting)).toContain('Ada');
    const excited = outputOf(await callTool(stack.issuer, undefined, 'greet', { name: 'Ada', punctuation: '?' }));
    expect(JSON.stringify(excited)).toContain('?');
  });

  test('the protected tool is listed for everybody, and asks to sign in', async () => {
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    const call = { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'server_time', arguments: {} } };
    expect(await (await postMcp(stack.issuer, undefined, list)).text()).toContain('"server_time"');
    const refused = await postMcp(stack.issuer, undefined, call);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('resource_metadata=');
  });

  describe('once a person has signed in', () => {
    let tokens: Tokens;
    let clientId: string;
    beforeAll(async () => {
      ({ tokens, clientId } = await connect(stack.issuer));
    });

    test('it tells the time', async () => {
      const time = outputOf(
        await callTool(stack.issuer, tokens.access_token, 'server_time', { timeZone: 'Europe/Berlin' }),
      );
      expect(JSON.stringify(time)).toContain('Europe/Berlin');
      expect(resultOf(await callTool(stack.issuer, tokens.access_token, 'server_time'))).not.toHaveProperty('isError');
    });

    test('the resource server learns from introspection whose token it is, and serves them', async () => {
      const about = await introspect(tokens.access_token);
      expect(about).toMatchObject({ active: true, client_id: clientId, iss: stack.issuer, scope: tokens.scope });
      expect(await (await fetchReport(tokens.access_token)).json()).toMatchObject({ report: `for ${about.sub}` });
    });

    test('nobody without its secret learns anything', async () => {
      expect(await introspect(tokens.access_token, basic(reports.id, 'wrong'))).toEqual({ status: 401 });
      expect(await introspect(tokens.access_token, {} as ReturnType<typeof basic>)).toEqual({ status: 401 });
    });

    test('the resource server turns away what is made up, and what was revoked, at once', async () => {
      expect((await fetchReport('made-up')).status).toBe(401);
      await revoke(stack.issuer, clientId, tokens.refresh_token);
      expect((await fetchReport(tokens.access_token)).status).toBe(401);
    });
  });

  test('the example client finds, registers, signs in and calls, by itself', async () => {
    const client = new Installation(stack.mcpUrl);
    const { code, stdout } = await client.run('--mailbox', '--tool', 'server_time');
    expect(code).toBe(0);
    expect(stdout).toContain('UTC');
  });
});
