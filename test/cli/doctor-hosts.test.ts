import { describe, expect, inject, test } from 'vitest';
import { newSourceIp } from '../support/flow.ts';
import { alteredServer, changeMembers, type Exchange } from './altered-server.ts';
import { resourcePaths, respond, serverPaths } from './doctor-fault.ts';
import { examine } from './doctor-process.ts';

const real = inject('issuer');

type Members = Readonly<Record<string, unknown>>;

/** What is wrong with one of two hosts, if anything is. What a member says is told where both are known. */
type Wrong = {
  readonly resource?: (hosts: Hosts) => Members;
  readonly server?: (hosts: Hosts) => Members;
  /** The MCP server's host serves the documents of both. */
  readonly hasBoth?: true;
};
type Hosts = { readonly mcp: string; readonly auth: string };

/** Two hosts in front of the one server: each has its own documents, and none of the other's. */
async function twoHosts({ resource, server, hasBoth }: Wrong): Promise<Hosts> {
  const hosts = { mcp: '', auth: '' };
  const nothing = (exchange: Exchange) =>
    respond(exchange, 404, { 'content-type': 'application/json' }, '{"error":"not_found"}');
  const ofMcp = (exchange: Exchange) => {
    if (resourcePaths.includes(exchange.path))
      changeMembers(exchange, { authorization_servers: [hosts.auth], ...resource?.(hosts) });
    if (!serverPaths.includes(exchange.path)) return;
    if (hasBoth) changeMembers(exchange, { issuer: hosts.auth });
    else nothing(exchange);
  };
  const ofAuth = (exchange: Exchange) => {
    if (resourcePaths.includes(exchange.path)) nothing(exchange);
    if (serverPaths.includes(exchange.path))
      changeMembers(exchange, { protected_resources: [`${hosts.mcp}/mcp`], ...server?.(hosts) });
  };
  hosts.mcp = (await alteredServer(real, { alter: ofMcp, headers: newSourceIp() })).issuer;
  hosts.auth = (await alteredServer(real, { alter: ofAuth, headers: newSourceIp() })).issuer;
  return hosts;
}

async function hostsOf(wrong: Wrong, asked: keyof Hosts) {
  const hosts = await twoHosts(wrong);
  const { checks } = await examine(['--url', hosts[asked]]);
  return { hosts, check: checks.find(({ name }) => name === 'hosts') };
}

describe('an MCP server and an authorization server on two hosts', () => {
  test.for(['mcp', 'auth'] as const)('that name each other are found from either: %s', async (asked) => {
    const { hosts, check } = await hostsOf({}, asked);
    expect(check).toMatchObject({ outcome: 'passed', says: `${hosts.mcp} and ${hosts.auth}` });
  });

  test.for<[string, keyof Hosts, Wrong, (hosts: Hosts) => string]>([
    [
      'the MCP server names an authorization server that serves another',
      'mcp',
      { server: () => ({ protected_resources: ['http://127.0.0.1:9/mcp'] }) },
      ({ mcp, auth }) => `${auth} serves http://127.0.0.1:9/mcp, not ${mcp}/mcp`,
    ],
    [
      'the authorization server names an MCP server that trusts another',
      'auth',
      { resource: () => ({ authorization_servers: ['http://127.0.0.1:9'] }) },
      ({ mcp, auth }) => `${mcp}/mcp names http://127.0.0.1:9, not ${auth}`,
    ],
    [
      'the authorization server serves the metadata of another',
      'mcp',
      { server: () => ({ issuer: 'https://other.example' }) },
      ({ auth }) => `${auth} serves the metadata of https://other.example`,
    ],
    [
      'the MCP server’s host serves what the other one should',
      'mcp',
      { hasBoth: true },
      ({ mcp, auth }) => `${mcp} serves the metadata of ${auth} beside its own`,
    ],
  ])('%s', async ([, asked, wrong, says]) => {
    const { hosts, check } = await hostsOf(wrong, asked);
    expect(check).toMatchObject({ outcome: 'failed', says: says(hosts) });
    expect(check?.remedy).toMatch(/domain\.authorization|Each of the two hosts/);
  });

  test('one of which does not answer', async () => {
    const { check } = await hostsOf({ resource: () => ({ authorization_servers: ['http://127.0.0.1:9'] }) }, 'mcp');
    expect(check?.outcome).toBe('failed');
    expect(check?.remedy).toContain('See that both names lead to the stack');
  });
});
