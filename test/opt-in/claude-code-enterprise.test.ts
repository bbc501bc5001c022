/**
 * The enterprise mode of the real Claude Code (Cross App Access), run by `npm run test:claude-code`. It needs no account: the
 * identity provider is one of the test's own. Claude Code takes neither that nor an authorization server without https, so
 * that a proxy with TLS stands before the server; the provider's assertions are for the one behind it.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { alteredServer } from '../cli/altered-server.ts';
import { operate } from '../support/admin-lambda.ts';
import { newClientKey, signClaims } from '../support/assertion.ts';
import { type Certificate, newCertificate } from '../support/certificate.ts';
import { ClaudeCode, installClaudeCode } from '../support/claude-code.ts';
import { callback } from '../support/flow.ts';
import { newTenant } from '../support/machines.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { trust } from '../support/trusted-issuer.ts';

const MINUTES = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'vestibule-claude-code-install-'));
const person = { sub: 'ada', email: `ada@${randomUUID()}.example` };
const clientOfProvider = 'claude-code-at-the-provider';

let program: string;
let stack: RunningStack;
let certificate: Certificate;
let server: Server;
let provider: string;
let tenant: string;
let trustId: string;
let client: { readonly client_id: string; readonly client_secret: string };
let idToken: string;
/** What Claude Code has asked the provider for. */
const exchanges: Record<string, string>[] = [];

beforeAll(async () => {
  program = await installClaudeCode(folder);
  certificate = await newCertificate({ namesKeys: true });
  const key = await newClientKey('RS256');
  server = createServer(certificate).listen(0, 'localhost');
  await once(server, 'listening');
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  provider = `https://${host}`;
  stack = await startStack({ env: { TRUSTED_METADATA_HOSTS: host, NODE_EXTRA_CA_CERTS: certificate.caFile } });
  const now = Math.floor(Date.now() / 1_000);
  const lasting = { iss: provider, ...person, iat: now, exp: now + 600 };
  idToken = await signClaims(key, { ...lasting, aud: clientOfProvider });
  const metadata = {
    issuer: provider,
    authorization_endpoint: `${provider}/authorize`,
    token_endpoint: `${provider}/token`,
    jwks_uri: `${provider}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };

  /** Gives an identity assertion for an ID token. RFC 8693 §2.2, draft-ietf-oauth-identity-assertion-authz-grant §4.3. */
  async function exchanged(form: URLSearchParams): Promise<object> {
    const asked = Object.fromEntries(form);
    exchanges.push(asked);
    const of = { aud: stack.issuer, resource: stack.mcpUrl, client_id: client.client_id };
    const claims = { ...lasting, ...of, jti: randomUUID() };
    const header = { typ: 'oauth-id-jag+jwt' };
    return {
      access_token: await signClaims(key, { ...claims, exp: now + 300 }, header),
      issued_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
      token_type: 'N_A',
      expires_in: 300,
    };
  }

  server.on('request', async (request, response) => {
    const body = new URLSearchParams(await text(request));
    const path = request.url?.split('?')[0];
    const answers: Readonly<Record<string, () => object | Promise<object>>> = {
      '/.well-known/openid-configuration': () => metadata,
      '/keys': () => ({ keys: [key.jwk] }),
      '/token': () => exchanged(body),
    };
    const answer = await answers[path ?? '']?.();
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  });
  const { issuer } = stack;
  tenant = await newTenant(issuer);
  await operate(issuer, 'tenants add-member', { id: tenant, address: person.email });
  trustId = await trust(issuer, tenant, { issuer: provider });
  client = (await operate(issuer, 'clients add', {
    client_name: 'Claude Code',
    redirect_uris: [callback],
    token_endpoint_auth_method: 'client_secret_basic',
  })) as typeof client;
}, 10 * MINUTES);

afterAll(async () => {
  await stack?.stop();
  server?.close();
  server?.closeAllConnections();
  certificate?.remove();
  rmSync(folder, { recursive: true });
}, MINUTES);

test(
  'Claude Code connects as the person whom the provider names, without a page, until the trust is disabled',
  async () => {
    const { issuer: front } = await alteredServer(stack.issuer, { tls: certificate });
    const claude = new ClaudeCode(program, {
      CLAUDE_CODE_ENABLE_XAA: '1',
      NODE_EXTRA_CA_CERTS: certificate.caFile,
      MCP_CLIENT_SECRET: client.client_secret,
    });
    onTestFinished(() => claude.remove());
    await claude.mcp('xaa', 'setup', '--issuer', provider, '--client-id', clientOfProvider);
    await claude.mcp('xaa', 'login', '--id-token', idToken);
    const added = ['vestibule', `${front}/mcp`, '--client-id', client.client_id, '--client-secret', '--xaa'];
    await claude.mcp('add', '--transport', 'http', ...added);
    const said = await claude.mcp('login', 'vestibule', '--no-browser');
    expect(await claude.mcp('list'), said + JSON.stringify(exchanges)).toMatch(/vestibule: .*Connected/);
    expect(exchanges.at(-1)).toMatchObject({ audience: front, resource: `${front}/mcp`, subject_token: idToken });
    expect(await operate(stack.issuer, 'people show', { address: person.email })).toMatchObject({ signed_in: true });
    await operate(stack.issuer, 'trusts disable', { id: tenant, trust: trustId });
    expect(await claude.mcp('list')).not.toMatch(/vestibule: .*Connected/);
  },
  3 * MINUTES,
);
