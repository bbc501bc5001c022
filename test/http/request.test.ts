import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { probe } from '../../lambdas/version-check/probe.ts';
import { processorTime } from '../support/processor-time.ts';

type Changes = Partial<Pick<APIGatewayProxyEventV2, 'cookies' | 'headers'>>;

/** An event of a gateway, with these members in place of the usual ones. */
function eventWith(changes: Changes): APIGatewayProxyEventV2 {
  return { ...probe, ...changes };
}

beforeEach(() => void vi.resetModules());
afterEach(() => void vi.unstubAllEnvs());

describe('the cookies of a request', () => {
  const both = [
    ['a', '1'],
    ['b', 'x=y'],
  ];

  test.for<[string, Changes, string[][]]>([
    ['of an HTTP API, which takes them out of the headers', { cookies: ['a=1', 'b=x=y'] }, both],
    ['of a gateway that leaves them there', { headers: { cookie: 'a=1; b=x=y' } }, both],
    ['of one that does both', { headers: { cookie: 'a=1; b=x=y' }, cookies: ['a=1', 'b=x=y'] }, both],
    ['of one that sends an empty list', { headers: { cookie: 'a=1;b=x=y;' }, cookies: [] }, both],
    ['of nobody', {}, []],
    ['of nobody, in an empty header', { headers: { cookie: '' } }, []],
  ])('%s are read', async ([, changes, expected]) => {
    const { toRequest } = await import('#core/http/request.ts');
    expect([...toRequest(eventWith(changes)).cookies]).toEqual(expected);
  });

  // A browser takes such a name from any subdomain, as it does not begin with the prefix that keeps a cookie to one host.
  test.for(['\u2000', '\u00A0', '\uFEFF', '\u3000', '\u0085', '\v'])(
    'with %j before its name is not one that has that name',
    async (space) => {
      const { toRequest } = await import('#core/http/request.ts');
      const sent = `${space}__Host-session=planted`;
      for (const changes of [{ cookies: [sent] }, { headers: { cookie: sent } }])
        expect(toRequest(eventWith(changes)).cookies.get('__Host-session')).toBeUndefined();
    },
  );
});

test('a cookie with much space in it is read soon', async () => {
  const { toRequest } = await import('#core/http/request.ts');
  const event = eventWith({ cookies: [`a${' '.repeat(60_000)}b`] });
  expect(processorTime(() => toRequest(event))).toBeLessThan(200);
});

/** As some gateways write an event: AWS leaves members out that have nothing in them. */
test('what is null in an event counts as left out', async () => {
  const { toRequest } = await import('#core/http/request.ts');
  const nulls = { cookies: null, headers: null, body: null, rawQueryString: null, stageVariables: null };
  const request = toRequest({ ...probe, ...nulls } as unknown as APIGatewayProxyEventV2);
  expect(request).toMatchObject({ headers: {}, body: Buffer.of() });
  expect([...request.cookies, ...request.query]).toEqual([]);
  const headers = { cookie: null, origin: null } as unknown as Record<string, string>;
  expect(toRequest(eventWith({ headers }))).toMatchObject({ headers: {}, cookies: new Map() });
});

describe('the headers of a request', () => {
  test.for<[string, Changes['headers'], Record<string, string>]>([
    ['in lower case, as an HTTP API has them', { accept: 'text/html' }, { accept: 'text/html' }],
    ['as a gateway writes them that leaves the case', { 'Content-Type': 'a/b' }, { 'content-type': 'a/b' }],
    ['as they came, where being empty says something', { origin: '', dpop: '' }, { origin: '', dpop: '' }],
  ])('are read %s', async ([, headers, expected]) => {
    const { toRequest } = await import('#core/http/request.ts');
    expect(toRequest(eventWith({ headers: headers ?? {} })).headers).toEqual(expected);
  });
});

describe('behind CloudFront', () => {
  const shown = { 'x-vestibule-key': 'k3y', 'x-vestibule-viewer': '192.0.2.7' };
  const edge = () => {
    vi.stubEnv('EDGE_KEY', 'k3y');
    return import('#core/http/edge.ts');
  };

  test('a request comes from where CloudFront saw it', async () => {
    await edge();
    const { toRequest } = await import('#core/http/request.ts');
    expect(toRequest(eventWith({ headers: shown })).sourceIp).toBe('192.0.2.7');
  });

  test.for([
    {},
    { 'x-vestibule-viewer': '192.0.2.7' },
    { ...shown, 'x-vestibule-key': 'k3z' },
    { ...shown, 'x-vestibule-key': '' },
  ])('what did not come through it is known: %j', async (headers) => {
    const { isPastTheEdge } = await edge();
    expect(isPastTheEdge(headers)).toBe(true);
    expect(isPastTheEdge(shown)).toBe(false);
  });

  test('without it nobody says where a request comes from but the gateway', async () => {
    const { isPastTheEdge } = await import('#core/http/edge.ts');
    const { toRequest } = await import('#core/http/request.ts');
    expect(isPastTheEdge({})).toBe(false);
    expect(toRequest(eventWith({ headers: shown })).sourceIp).toBe('127.0.0.1');
  });
});
