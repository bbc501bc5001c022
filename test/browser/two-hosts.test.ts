import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examine } from '../cli/doctor-process.ts';
import { operate } from '../support/admin-lambda.ts';
import { asParameters, honestClaims, newClientKey, signClaims } from '../support/assertion.ts';
import { violationsOf } from '../support/axe.ts';
import { browserOfFile } from '../support/chromium.ts';
import { ClientMemory } from '../support/client-memory.ts';
import type { ClientSite } from '../support/client-site.ts';
import {
  authorizePath,
  callback,
  mailedCode,
  newAddress,
  newPkce,
  newSourceIp,
  postMcp,
  register,
  requestTokens,
} from '../support/flow.ts';
import { newTenant } from '../support/machines.ts';
import { newAuthenticator } from '../support/passkeys.ts';
import { newProofKey, proving } from '../support/proofs.ts';
import { basic, refusal } from '../support/redemption.ts';
import { authorized, discovered, onLoopback } from '../support/strict-client.ts';
import { idJagClaims, newIssuer, signIdJag, trust } from '../support/trusted-issuer.ts';
import { startTrustingStack, type TrustingStack } from '../support/trusting-stack.ts';

const hostedZone = { id: 'Z0123456789ABC', name: 'example.com' };
const chrome = browserOfFile();

let running: TrustingStack;
let site: ClientSite;
let issuer: string;
let mcpUrl: string;
let mcpOrigin: string;

beforeAll(async () => {
  const domain = { name: 'mcp.example.com', authorization: 'auth.example.com', hostedZone };
  running = await startTrustingStack({ domain });
  ({ site, issuer } = running);
  ({ mcpUrl } = running.stack);
  mcpOrigin = new URL(mcpUrl).origin;
});
afterAll(() => running?.stop());

/** A client of the SDK, and what it remembers. */
function newProgram() {
  const memory = new ClientMemory<never, never, never>();
  const open = () => new StreamableHTTPClientTransport(new URL(mcpUrl), { authProvider: memory });
  return { memory, open, client: () => new Client({ name: 'two-hosts', version: '1' }) };
}

/** The authorization server, as the MCP server names it. Rejects unless each names itself by the URL that was asked. */
async function discover(): Promise<oauth.AuthorizationServer> {
  const url = new URL(mcpUrl);
  const found = await oauth.resourceDiscoveryRequest(url, onLoopback);
  const { authorization_servers } = await oauth.processResourceDiscoveryResponse(url, found);
  expect(authorization_servers).toEqual([issuer]);
  return discovered(issuer);
}

function ask(origin: string, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${origin}${path}`, { redirect: 'manual', ...init });
}

/** A browser in which a person is asked whether the client may have access, and the hosts that it has asked since. */
async function askedByBrowser(clientId: string) {
  const context = await (await chrome()).newContext({ extraHTTPHeaders: newSourceIp() });
  const page = await context.newPage();
  const hosts = new Set<string>();
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  const address = newAddress();
  await page.goto(`${issuer}${authorizePath(clientId, newPkce().challenge, { resource: mcpUrl })}`);
  await page.locator('input[name=email]').fill(address);
  await page.keyboard.press('Enter');
  await page.locator('input[name=code]').waitFor();
  await page.locator('input[name=code]').fill(await mailedCode(issuer, address));
  await page.keyboard.press('Enter');
  await page.locator('dd img').waitFor();
  await page.waitForLoadState();
  return { page, context, hosts };
}

const looks = [
  ['light', 1_100, 'ltr'],
  ['dark', 1_100, 'ltr'],
  ['light', 360, 'ltr'],
  ['dark', 360, 'rtl'],
] as const;
/** `npm run screenshots` sets it to a folder. */
const pictures = process.env.SCREENSHOTS;

describe('the MCP server on one host, the authorization server on another', () => {
  test('the SDK signs in through a browser, which keeps nothing for the MCP server', async () => {
    expect(mcpOrigin).not.toBe(issuer);
    const { memory, open, client } = newProgram();
    const transport = open();
    await expect(client().connect(transport)).rejects.toThrow(UnauthorizedError);
    expect(memory.authorizationUrl.origin).toBe(issuer);
    expect(memory.authorizationUrl.searchParams.get('resource')).toBe(mcpUrl);
    const context = await (await chrome()).newContext({ extraHTTPHeaders: newSourceIp() });
    const page = await context.newPage();
    const address = newAddress();
    await page.goto(memory.authorizationUrl.href);
    await page.locator('input[name=email]').fill(address);
    await page.keyboard.press('Enter');
    await page.locator('input[name=code]').waitFor();
    await page.locator('input[name=code]').fill(await mailedCode(issuer, address));
    await page.keyboard.press('Enter');
    const back = page.waitForRequest((request) => request.url().startsWith(callback));
    await page.locator('button[value=approve]').click();
    const answered = new URL((await back).url()).searchParams;
    expect(answered.get('iss')).toBe(issuer);
    const cookies = await context.cookies();
    expect(new Set(cookies.map(({ domain }) => domain))).toEqual(new Set([new URL(issuer).hostname]));
    expect(await context.cookies(mcpUrl)).toEqual([]);
    await context.close();
    await transport.finishAuth(answered);
    const connected = client();
    await connected.connect(open());
    expect((await connected.listTools()).tools).not.toEqual([]);
    await connected.close();
  });

  test('the logo of a client comes from the authorization server, and fits every look', async () => {
    const icon = readFileSync(new URL('../support/icon.png', import.meta.url));
    const logos = [
      site.serve('/logo.png', (_, response) => void response.writeHead(200).end(icon)),
      `http://${site.host}/none.png`,
    ];
    for (const [at, logo_uri] of logos.entries()) {
      const id = site.publish({ redirect_uris: [callback], client_name: 'Clever Client', logo_uri });
      const { page, context, hosts } = await askedByBrowser(id);
      expect(await page.evaluate('document.querySelector("dd img").naturalWidth')).toBe(at === 0 ? 512 : 150);
      for (const [colorScheme, width, dir] of looks) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await page.evaluate(`document.documentElement.dir = '${dir}'`);
        const overflows = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
        expect([colorScheme, width, dir, overflows, await violationsOf(page)]).toEqual([
          colorScheme,
          width,
          dir,
          false,
          [],
        ]);
        if (pictures !== undefined)
          await page.screenshot({ path: `${pictures}/logo-${at}-${colorScheme}-${width}-${dir}.png`, fullPage: true });
      }
      expect([...hosts]).toEqual([new URL(issuer).host]);
      await context.close();
    }
  });

  test('a strict client goes by the issuer, and its token is for the MCP server', async () => {
    const as = await discover();
    expect(as.protected_resources).toEqual([mcpUrl]);
    const { client_id } = await register(issuer);
    const client = { client_id };
    const verifier = oauth.generateRandomCodeVerifier();
    const parameters = await authorized(as, client, verifier, { resource: mcpUrl });
    const redeemed = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      oauth.None(),
      parameters,
      callback,
      verifier,
      onLoopback,
    );
    const { access_token, refresh_token = '' } = await oauth.processAuthorizationCodeResponse(as, client, redeemed);
    const shown = new Request(mcpUrl, { headers: { authorization: `Bearer ${access_token}` } });
    const claims = await oauth.validateJwtAccessToken(as, shown, mcpUrl, onLoopback);
    expect(claims).toMatchObject({ iss: issuer, aud: mcpUrl });
    const refreshed = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), refresh_token, {
      ...onLoopback,
      additionalParameters: { resource: mcpUrl },
    });
    const { access_token: next } = await oauth.processRefreshTokenResponse(as, client, refreshed);
    expect(decodeJwt(next)).toMatchObject({ iss: issuer, aud: mcpUrl });
  });

  test('introspection names both, and asks who asks by the issuer alone', async () => {
    const as = await discover();
    const key = await newClientKey();
    const { client_id } = await register(issuer, {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [key.jwk] },
    });
    const introspect = async (audience: string) =>
      ask(issuer, '/introspect', {
        method: 'POST',
        body: new URLSearchParams({
          token: 'unknown',
          ...asParameters(await signClaims(key, honestClaims(client_id, audience))),
        }),
      });
    expect((await introspect(as.issuer)).status).toBe(200);
    for (const audience of [mcpUrl, mcpOrigin]) expect((await introspect(audience)).status, audience).toBe(401);
  });

  test('an identity provider vouches to the issuer, for the MCP server', async () => {
    const [tenant, from] = await Promise.all([newTenant(issuer), newIssuer(site)]);
    const domain = `${randomUUID()}.example`;
    await operate(issuer, 'tenants add-domain', { id: tenant, domain });
    await trust(issuer, tenant, { issuer: from.url });
    const { client_id, client_secret } = (await operate(issuer, 'clients add', {
      client_name: 'Assistant',
      redirect_uris: [callback],
      token_endpoint_auth_method: 'client_secret_basic',
    })) as { readonly client_id: string; readonly client_secret: string };
    const show = async (audience: string, resource: string) => {
      const claims = { ...idJagClaims(from, audience, client_id), email: `${randomUUID()}@${domain}`, resource };
      return requestTokens(
        issuer,
        { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: await signIdJag(from, claims) },
        { ...newSourceIp(), ...basic(client_id, client_secret) },
      );
    };
    const given = (await (await show(issuer, mcpUrl)).json()) as { readonly access_token: string };
    expect(decodeJwt(given.access_token)).toMatchObject({ iss: issuer, aud: mcpUrl });
    for (const [audience, resource] of [
      [mcpOrigin, mcpUrl],
      [mcpUrl, mcpUrl],
      [issuer, issuer],
      [issuer, `${issuer}/mcp`],
    ] as const) {
      const refused = await show(audience, resource);
      expect(await refused.json(), `${audience} ${resource}`).toMatchObject({ error: 'invalid_grant' });
    }
  });

  test.for([() => issuer, () => `${issuer}/mcp`])(
    'what the authorization server is at is no resource',
    async (resource) => {
      const { client_id } = await register(issuer);
      const refused = await requestTokens(issuer, {
        grant_type: 'refresh_token',
        refresh_token: 'unknown',
        client_id,
        resource: resource(),
      });
      expect(refused.status).toBe(400);
      const query = new URLSearchParams({
        response_type: 'code',
        client_id,
        redirect_uri: callback,
        code_challenge: 'a'.repeat(43),
        code_challenge_method: 'S256',
        resource: resource(),
      });
      const page = await ask(issuer, `/authorize?${query}`, { headers: newSourceIp() });
      expect((page.headers.get('location') ?? '') + (await page.text())).toContain('error=invalid_target');
    },
  );

  test('a program’s platform, and a proof of a key, name the host that they are for', async () => {
    const [tenant, from, key] = [await newTenant(issuer), await newIssuer(site), await newProofKey()];
    const rules = { kind: 'workload', claims: { repository_id: '1' }, scopes: ['profile:read'] };
    await trust(issuer, tenant, { issuer: from.url, ...rules });
    const show = async (aud: string, htu: string) => {
      const claims = { ...idJagClaims(from, aud, ''), client_id: undefined, repository_id: '1' };
      const assertion = await signClaims(from.key, claims);
      const headers = { ...newSourceIp(), ...(await proving(key, { url: htu })) };
      return requestTokens(issuer, { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }, headers);
    };
    const own = `${issuer}/token`;
    const given = (await (await show(own, own)).json()) as { readonly access_token: string };
    for (const aud of [mcpOrigin, `${mcpOrigin}/`, `${mcpOrigin}/token`, mcpUrl])
      expect(await refusal(await show(aud, own)), aud).toBe('400 invalid_grant');
    for (const htu of [`${mcpOrigin}/token`, mcpUrl])
      expect(await refusal(await show(own, htu)), htu).toBe('400 invalid_dpop_proof');
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    const call = async (url: string) => {
      const proof = await proving(key, { url, token: given.access_token });
      const headers = { authorization: `DPoP ${given.access_token}`, ...proof };
      return (await postMcp(mcpOrigin, undefined, message, headers)).status;
    };
    expect(await call(mcpUrl)).toBe(200);
    for (const url of [`${issuer}/mcp`, own]) expect(await call(url), url).toBe(401);
  });

  test('a call without a token is told of the metadata at the host that it called', async () => {
    const challenged = await ask(mcpOrigin, '/mcp', { method: 'POST' });
    expect(challenged.status).toBe(401);
    const challenge = challenged.headers.get('www-authenticate');
    expect(challenge).toContain(`resource_metadata="${mcpOrigin}/.well-known/oauth-protected-resource/mcp"`);
  });

  test('a passkey is of the authorization host', async () => {
    const context = await (await chrome()).newContext({ extraHTTPHeaders: newSourceIp() });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const authenticator = await newAuthenticator(page);
    const address = newAddress();
    await page.goto(`${mcpOrigin}/account`);
    expect(new URL(page.url()).origin).toBe(issuer);
    await page.locator('input[name=email]').fill(address);
    await page.keyboard.press('Enter');
    await page.locator('input[name=code]').waitFor();
    await page.locator('input[name=code]').fill(await mailedCode(issuer, address));
    await page.keyboard.press('Enter');
    await page.locator('form[action="/account/sign-out"]').waitFor();
    await page.goto(`${issuer}/account/passkeys`);
    await authenticator.setPresence(true);
    await page.locator('button:not([aria-disabled=true])', { hasText: 'Add a passkey' }).click();
    await page.getByText('Passkey added').waitFor();
    expect(await authenticator.credentials()).toMatchObject([{ rpId: new URL(issuer).hostname }]);
    await context.close();
  });
});

/** What each path answers at the MCP server's host and at the authorization server's. */
const answers: readonly (readonly [method: string, path: string, resource: number, authorization: number])[] = [
  ['GET', '/healthz', 200, 200],
  ['GET', '/', 200, 308],
  ['POST', '/mcp', 401, 404],
  ['POST', '/mcp/', 401, 404],
  ['GET', '/mcp', 401, 404],
  ['DELETE', '/mcp', 401, 404],
  ['OPTIONS', '/mcp', 204, 404],
  ['POST', '/mcp/elsewhere', 404, 404],
  ['GET', '/.well-known/oauth-protected-resource', 200, 404],
  ['GET', '/.well-known/oauth-protected-resource/mcp', 200, 404],
  ['OPTIONS', '/.well-known/oauth-protected-resource/mcp', 204, 404],
  ['GET', '/.well-known/oauth-authorization-server', 404, 200],
  ['GET', '/.well-known/oauth-authorization-server/mcp', 404, 200],
  ['GET', '/.well-known/openid-configuration', 404, 200],
  ['GET', '/.well-known/jwks.json', 404, 200],
  ['OPTIONS', '/.well-known/jwks.json', 404, 204],
  ['POST', '/register', 404, 400],
  ['OPTIONS', '/register', 404, 204],
  ['GET', '/register', 404, 405],
  ['GET', '/register/somebody', 404, 401],
  ['GET', '/authorize', 404, 400],
  ['POST', '/authorize/email', 404, 400],
  ['POST', '/authorize/passkey', 404, 400],
  ['POST', '/token', 404, 400],
  ['OPTIONS', '/token', 404, 204],
  ['GET', '/token', 404, 405],
  ['POST', '/revoke', 404, 400],
  ['POST', '/introspect', 404, 400],
  ['GET', '/account', 308, 303],
  ['GET', '/account/data', 308, 303],
  ['POST', '/account/sign-out', 404, 400],
  ['GET', '/nothing', 404, 404],
];

describe('each host answers its own paths', () => {
  test.for(answers)('%s %s', async ([method, path, resource, authorization]) => {
    const init = { method, headers: newSourceIp() };
    const [here, there] = await Promise.all([ask(mcpOrigin, path, init), ask(issuer, path, init)]);
    expect({ resource: here.status, authorization: there.status }).toEqual({ resource, authorization });
  });

  test('a browser is led to the page that is at the other, and no browser remembers that', async () => {
    const [home, account] = await Promise.all([ask(issuer, '/'), ask(mcpOrigin, '/account/data?a=b')]);
    expect(home.headers.get('location')).toBe(`${mcpOrigin}/`);
    expect(account.headers.get('location')).toBe(`${issuer}/account`);
    for (const { headers } of [home, account]) expect(headers.get('cache-control')).toBe('no-store');
  });

  test('what is not there says where it is, in the form of its endpoint', async () => {
    const token = await ask(mcpOrigin, '/token', { method: 'POST' });
    expect(await token.json()).toMatchObject({
      error: 'not_found',
      error_description: expect.stringContaining(issuer),
    });
    const call = await ask(issuer, '/mcp', { method: 'POST' });
    expect(await call.json()).toMatchObject({ jsonrpc: '2.0', error: { message: `The MCP endpoint is ${mcpUrl}` } });
  });

  test('the setup page names the address of the MCP server, and where people sign in', async () => {
    const text = await (await ask(mcpOrigin, '/')).text();
    expect(text).toContain(`claude mcp add --transport http vestibule ${mcpUrl}`);
    expect(text).toContain(issuer);
    expect(text).not.toContain(`${issuer}/mcp`);
  });
});

describe('the commands find both hosts', () => {
  test.for([() => mcpUrl, () => issuer, () => `${mcpOrigin}/`])('doctor, from %#', async (url) => {
    const report = await examine(['--url', url(), '--sign-in', '--email', newAddress()]);
    expect(report.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(report.issuer).toBe(issuer);
    expect(report.checks.find(({ name }) => name === 'hosts')?.says).toBe(`${mcpOrigin} and ${issuer}`);
    expect(report.checks.filter(({ outcome }) => outcome === 'not checked')).toHaveLength(4);
  });
});
