import { randomUUID } from 'node:crypto';
import { Client, CrossAppAccessProvider, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operate } from '../support/admin-lambda.ts';
import type { ClientSite } from '../support/client-site.ts';
import { callback } from '../support/flow.ts';
import { newTenant } from '../support/machines.ts';
import { discovered, onLoopback } from '../support/strict-client.ts';
import { idJagClaims, newIssuer, signIdJag, type TrustedIssuer, trust } from '../support/trusted-issuer.ts';
import { startTrustingStack, type TrustingStack } from '../support/trusting-stack.ts';

let running: TrustingStack;
let site: ClientSite;
let issuer: string;
let tenant: string;
let from: TrustedIssuer;
let client: { readonly client_id: string; readonly client_secret: string };
const address = `ada@${randomUUID()}.example`;

beforeAll(async () => {
  running = await startTrustingStack();
  ({ site, issuer } = running);
  [tenant, from] = await Promise.all([newTenant(issuer), newIssuer(site)]);
  await operate(issuer, 'tenants add-member', { id: tenant, address });
  await trust(issuer, tenant, { issuer: from.url });
  const method = { token_endpoint_auth_method: 'client_secret_basic', redirect_uris: [callback] };
  client = (await operate(issuer, 'clients add', { client_name: 'Assistant', ...method })) as typeof client;
});
afterAll(() => running?.stop());

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
  const as = await discovered(issuer);
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
