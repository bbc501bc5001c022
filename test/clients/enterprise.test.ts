import { randomUUID } from 'node:crypto';
import { Client, CrossAppAccessProvider, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operate } from '../support/admin-lambda.ts';
import { type ClientSite, startClientSite } from '../support/client-site.ts';
import { callback } from '../support/flow.ts';
import { newTenant } from '../support/machines.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { idJagClaims, newIssuer, signIdJag, type TrustedIssuer, trust } from '../support/trusted-issuer.ts';

let site: ClientSite;
let stack: RunningStack;
let issuer: string;
let tenant: string;
let from: TrustedIssuer;
let client: { readonly client_id: string; readonly client_secret: string };
const address = `ada@${randomUUID()}.example`;

beforeAll(async () => {
  site = await startClientSite();
  stack = await startStack({ env: { TRUSTED_METADATA_HOSTS: site.host } });
  issuer = stack.issuer;
  [tenant, from] = await Promise.all([newTenant(issuer), newIssuer(site)]);
  await operate(issuer, 'tenants add-member', { id: tenant, address });
  await trust(issuer, tenant, { issuer: from.url });
  const method = { token_endpoint_auth_method: 'client_secret_basic', redirect_uris: [callback] };
  client = (await operate(issuer, 'clients add', { client_name: 'Assistant', ...method })) as typeof client;
});
afterAll(async () => {
  await stack?.stop();
  await site?.stop();
});

const assertionFor = (audience: string, more: Record<string, unknown> = {}) =>
  signIdJag(from, { ...idJagClaims(from, audience, client.client_id), sub: 'ada', email: address, ...more });

test('the SDK’s CrossAppAccessProvider signs in for a person and calls a tool', async () => {
  const authProvider = new CrossAppAccessProvider({
    assertion: ({ authorizationServerUrl, resourceUrl }) =>
      assertionFor(authorizationServerUrl, { resource: resourceUrl }),
    clientId: client.client_id,
    clientSecret: client.client_secret,
    expectedIssuer: issuer,
  });
  const program = new Client({ name: 'assistant', version: '1' });
  await program.connect(new StreamableHTTPClientTransport(new URL(`${issuer}/mcp`), { authProvider }));
  const { structuredContent } = await program.callTool({ name: 'whoami', arguments: {} });
  expect(structuredContent).toMatchObject({ kind: 'person', tenant });
  await program.close();
});

test('oauth4webapi shows an assertion, and reads the metadata that says so', async () => {
  const onLoopback = { [oauth.allowInsecureRequests]: true };
  const found = await oauth.discoveryRequest(new URL(issuer), { ...onLoopback, algorithm: 'oauth2' });
  const as = await oauth.processDiscoveryResponse(new URL(issuer), found);
  const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  expect(as.grant_types_supported).toContain(grant);
  expect(as.authorization_grant_profiles_supported).toEqual(['urn:ietf:params:oauth:grant-profile:id-jag']);
  const its = { client_id: client.client_id };
  const authentication = oauth.ClientSecretBasic(client.client_secret);
  const parameters = new URLSearchParams({ assertion: await assertionFor(issuer) });
  const response = await oauth.genericTokenEndpointRequest(as, its, authentication, grant, parameters, onLoopback);
  const tokens = await oauth.processGenericTokenEndpointResponse(as, its, response);
  expect(tokens).not.toHaveProperty('refresh_token');
});
