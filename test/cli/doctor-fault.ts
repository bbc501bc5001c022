import { describe, expect, test } from 'vitest';
import { newSourceIp } from '../support/flow.ts';
import { alteredServer, changeMembers, type Exchange } from './altered-server.ts';
import { examine, namesOf } from './doctor-process.ts';

/** Something that is wrong with a server, and what doctor makes of it. */
export type Fault = {
  readonly what: string;
  readonly alter: (exchange: Exchange) => void;
  /** Every check that must fail, in the order in which they run. */
  readonly fails: readonly string[];
  /** What the first of them says, and what it advises. */
  readonly says: string | RegExp;
  readonly remedy: string | RegExp;
};

export const wellKnown = {
  resource: '/.well-known/oauth-protected-resource',
  resourceOfMcp: '/.well-known/oauth-protected-resource/mcp',
  server: '/.well-known/oauth-authorization-server',
  serverOfMcp: '/.well-known/oauth-authorization-server/mcp',
  openid: '/.well-known/openid-configuration',
  keys: '/.well-known/jwks.json',
};
export const resourcePaths = [wellKnown.resource, wellKnown.resourceOfMcp];
export const serverPaths = [wellKnown.server, wellKnown.serverOfMcp, wellKnown.openid];
/** Changes what passes one of these paths. */
export function at(paths: string | readonly string[], alter: (exchange: Exchange) => void): Fault['alter'] {
  return (exchange) => {
    if ([paths].flat().includes(exchange.path)) alter(exchange);
  };
}

/** Changes members of what these paths answer. */
export function says(paths: string | readonly string[], members: Readonly<Record<string, unknown>>): Fault['alter'] {
  return at(paths, (exchange) => changeMembers(exchange, members));
}

/** Changes the list that a JSON answer holds under a name. */
export function lists(
  paths: string | readonly string[],
  name: string,
  change: (all: string[]) => string[],
): Fault['alter'] {
  return at(paths, (exchange) => {
    if (exchange.body) changeMembers(exchange, { [name]: change(JSON.parse(exchange.body)[name]) });
  });
}

/** Puts another answer in the place of the one that passes. */
export function respond(exchange: Exchange, status: number, headers: Record<string, string>, body: string): void {
  exchange.status = status;
  for (const [name, value] of Object.entries(headers)) exchange.headers.set(name, value);
  exchange.body = exchange.method === 'HEAD' ? '' : body;
}

export const page = { 'content-type': 'text/html' };

/** A test for each fault: that server fails these checks, and the first of them tells what is wrong and what to do. */
export function testFaults(groups: Readonly<Record<string, readonly Fault[]>>, issuer: () => string): void {
  describe.each(Object.entries(groups))('a fault of %s is named, with its remedy:', (_, faults) => {
    test.for(faults)('$what', async ({ alter, fails, says: sentence, remedy }) => {
      const { url } = await alteredServer(issuer(), { alter, headers: newSourceIp() });
      const report = await examine(['--url', url]);
      expect(namesOf(report, 'failed')).toEqual(fails);
      const [first] = report.checks.filter(({ outcome }) => outcome === 'failed');
      expect(first?.says).toMatch(sentence);
      expect(first?.remedy).toMatch(remedy);
      expect(report.code).toBe(1);
    });
  });
}
