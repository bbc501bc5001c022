import {
  Client,
  ClientCredentialsProvider,
  type OAuthClientProvider,
  PrivateKeyJwtProvider,
  StaticPrivateKeyJwtProvider,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { exportJWK } from 'jose';
import * as oauth from 'oauth4webapi';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { honestClaims, signClaims } from '../support/assertion.ts';
import { type Machine, newMachine } from '../support/machines.ts';

const issuer = inject('issuer');
const mcpUrl = new URL(`${issuer}/mcp`);

/** Connects through the SDK's client, and asks who it is. */
async function whoami(authProvider: OAuthClientProvider): Promise<unknown> {
  const client = new Client({ name: 'machine', version: '1' });
  onTestFinished(() => client.close());
  await client.connect(new StreamableHTTPClientTransport(mcpUrl, { authProvider }));
  return (await client.callTool({ name: 'whoami', arguments: {} })).structuredContent;
}

const itself = ({ client_id, tenant }: Machine) => ({ subject: `machine:${client_id}`, kind: 'machine', tenant });

function keyOf({ key }: Machine) {
  if (!key) throw new Error('The machine has no key');
  return key;
}

describe('the SDK’s providers for machines sign in and call a tool', () => {
  test('ClientCredentialsProvider, with a secret', async () => {
    const machine = await newMachine(issuer);
    const { client_id: clientId, client_secret: clientSecret } = machine;
    const provider = new ClientCredentialsProvider({ clientId, clientSecret, expectedIssuer: issuer });
    expect(await whoami(provider)).toMatchObject(itself(machine));
  });

  test('PrivateKeyJwtProvider, with a key', async () => {
    const machine = await newMachine(issuer, { signs: true });
    const { alg: algorithm, privateKey: key } = keyOf(machine);
    const privateKey = { ...(await exportJWK(key)) };
    const options = { clientId: machine.client_id, privateKey, algorithm, expectedIssuer: issuer };
    expect(await whoami(new PrivateKeyJwtProvider(options))).toMatchObject(itself(machine));
  });

  test('StaticPrivateKeyJwtProvider, with an assertion made elsewhere', async () => {
    const machine = await newMachine(issuer, { signs: true });
    const jwtBearerAssertion = await signClaims(keyOf(machine), honestClaims(machine.client_id, issuer));
    const options = { clientId: machine.client_id, jwtBearerAssertion, expectedIssuer: issuer };
    expect(await whoami(new StaticPrivateKeyJwtProvider(options))).toMatchObject(itself(machine));
  });

  test('but not with an assertion for the token endpoint', async () => {
    const machine = await newMachine(issuer, { signs: true });
    const jwtBearerAssertion = await signClaims(keyOf(machine), honestClaims(machine.client_id, `${issuer}/token`));
    const options = { clientId: machine.client_id, jwtBearerAssertion, expectedIssuer: issuer };
    await expect(whoami(new StaticPrivateKeyJwtProvider(options))).rejects.toThrow(/client authentication failed/);
  });
});

describe('oauth4webapi, client credentials', () => {
  const onLoopback = { [oauth.allowInsecureRequests]: true };

  /** Discovers the server, is given a token, and uses it. */
  async function tokenFor(machine: Machine, authentication: oauth.ClientAuth): Promise<string> {
    const response = await oauth.discoveryRequest(new URL(issuer), { ...onLoopback, algorithm: 'oauth2' });
    const as = await oauth.processDiscoveryResponse(new URL(issuer), response);
    expect(as.grant_types_supported).toContain('client_credentials');
    const client = { client_id: machine.client_id };
    const parameters = new URLSearchParams({ scope: 'profile:read', resource: mcpUrl.href });
    const answer = await oauth.clientCredentialsGrantRequest(as, client, authentication, parameters, onLoopback);
    const tokens = await oauth.processClientCredentialsResponse(as, client, answer);
    expect(tokens).toMatchObject({ scope: 'profile:read', token_type: 'bearer' });
    expect(tokens).not.toHaveProperty('refresh_token');
    return tokens.access_token;
  }

  test.for([
    ['a secret in the header', oauth.ClientSecretBasic],
    ['a secret in the form', oauth.ClientSecretPost],
  ] as const)('by %s', async ([, way]) => {
    const machine = await newMachine(issuer);
    expect(await tokenFor(machine, way(machine.client_secret))).toEqual(expect.any(String));
  });

  test('by a signature', async () => {
    const machine = await newMachine(issuer, { signs: true });
    const { privateKey: key, jwk } = keyOf(machine);
    const authentication = oauth.PrivateKeyJwt({ key, kid: jwk.kid });
    expect(await tokenFor(machine, authentication)).toEqual(expect.any(String));
  });
});
