import { describe, expect, inject, test } from 'vitest';
import { operate } from '../support/admin-lambda.ts';
import { newAddress, newSourceIp } from '../support/flow.ts';
import { newTenant } from '../support/machines.ts';
import { alteredServer, changeMembers, type Exchange } from './altered-server.ts';
import { doctor, examine, namesOf, type Report, startDoctor } from './doctor-process.ts';

const real = inject('issuer');

type Alterations = Omit<Parameters<typeof alteredServer>[1], 'headers'>;

/** Has doctor sign in to the server as it would be with these faults. */
async function signInto(alterations: Alterations): Promise<Report> {
  const { url } = await alteredServer(real, { ...alterations, headers: newSourceIp() });
  return await examine(['--url', url, '--sign-in', '--email', newAddress()]);
}

function found({ checks }: Report, name: string) {
  return checks.find((check) => check.name === name);
}

const isRefresh = ({ path, sent }: Exchange) => path === '/token' && sent.get('grant_type') === 'refresh_token';
const isFirst = ({ path, sent }: Exchange) => path === '/token' && sent.get('grant_type') === 'authorization_code';

/** Says of each refresh how often its token was presented before. */
function repetitions(): (exchange: Exchange) => number {
  const presented: string[] = [];
  return ({ sent }) => {
    const token = sent.get('refresh_token') ?? '';
    presented.push(token);
    return presented.filter((other) => other === token).length - 1;
  };
}

const afterSignIn = [
  ...['tools', 'call of a tool', 'refresh', 'refresh that is repeated', 'token bound to a key'],
  'challenge for a missing scope',
  ...['token in the address', 'revocation', 'access ends', 'refresh ends'],
];
const overTls = ['TLS certificate', 'TLS versions', 'HSTS', 'plain http'];

describe('a token that is bound to a key', () => {
  const name = 'token bound to a key';

  test('is what doctor gets and proves where the tenant of the person takes no other', async () => {
    const tenant = await newTenant(real);
    const address = newAddress();
    await operate(real, 'tenants policy', { id: tenant, dpop: 'required' });
    await operate(real, 'tenants add-member', { id: tenant, address });
    const report = await examine(['--local', real, '--sign-in', '--email', address]);
    expect(namesOf(report, 'failed')).toEqual([]);
    expect(namesOf(report, 'not checked')).toEqual(overTls);
    expect(found(report, name)?.says).toBe('the server asks for that');
  });

  const isOfBound = ({ path, status, headers }: Exchange) =>
    path === '/mcp' && status === 401 && headers.get('www-authenticate')?.startsWith('DPoP');

  test.for<[what: string, says: string, alter: (exchange: Exchange) => unknown]>([
    [
      'taken as a bearer token',
      'a copy of it is taken without a proof, as Bearer: the status is 200, not 401',
      (exchange) => isOfBound(exchange) && Object.assign(exchange, { status: 200 }),
    ],
    [
      'taken without a proof',
      'a copy of it is taken without a proof, as DPoP: the status is 200, not 401',
      (exchange) => {
        const { sentHeaders } = exchange;
        const isPlain = sentHeaders.get('authorization')?.startsWith('DPoP') && !sentHeaders.has('dpop');
        if (isPlain) exchange.status = 200;
      },
    ],
    [
      'taken with any proof',
      'a copy of it is taken with a proof of another key: the status is 200, not 401',
      (exchange) => isOfBound(exchange) && exchange.sentHeaders.has('dpop') && Object.assign(exchange, { status: 200 }),
    ],
    [
      'taken by nobody',
      'with a proof it is refused: the status is 401',
      (exchange) =>
        exchange.path === '/mcp' && exchange.sentHeaders.has('dpop') && Object.assign(exchange, { status: 401 }),
    ],
    [
      'none',
      'a token that is asked for with a proof is not bound to its key',
      (exchange) => {
        if (isRefresh(exchange) && exchange.sentHeaders.has('dpop')) changeMembers(exchange, { token_type: 'Bearer' });
      },
    ],
    [
      'promised in the metadata, and not given',
      'it gives a token that is bound to no key, though its metadata says that it takes none of those',
      (exchange) => {
        if (exchange.path.includes('oauth-protected-resource'))
          changeMembers(exchange, { dpop_bound_access_tokens_required: true });
      },
    ],
  ])('is named where it is %s', async ([, says, alter]) => {
    const report = await signInto({ alter: (exchange) => void alter(exchange) });
    expect(found(report, name)).toMatchObject({ outcome: 'failed', says });
    expect(found(report, name)?.remedy).toContain('Authorization and DPoP');
  });
});

describe('a sign-in that fails is named, with its remedy:', () => {
  test('an answer of another issuer', async () => {
    const report = await signInto({
      alter: ({ headers }) => {
        const location = headers.get('location');
        if (!location?.includes('code=')) return;
        headers.set('location', location.replace(/iss=[^&]*/, 'iss=https%3A%2F%2Fother.example'));
      },
    });
    expect(namesOf(report, 'failed')).toEqual(['sign-in']);
    expect(found(report, 'sign-in')?.says).toMatch(/^The answer came from https:\/\/other\.example, not from/);
    expect(found(report, 'sign-in')?.remedy).toContain('Authorize');
    expect(namesOf(report, 'not checked')).toEqual([...overTls, ...afterSignIn]);
    expect(found(report, 'tools')?.says).toBe('needs the sign-in');
  });

  test('metadata of another resource, beside the checks of them', async () => {
    const report = await signInto({
      alter: (exchange) => {
        if (exchange.path.includes('oauth-protected-resource') && exchange.status === 200)
          changeMembers(exchange, { resource: 'https://other.example/mcp' });
      },
    });
    expect(namesOf(report, 'failed')).toEqual(['resource', 'sign-in']);
    expect(found(report, 'sign-in')?.says).toContain('describes another one, https://other.example/mcp');
  });

  test('no mail', async () => {
    const report = await signInto({
      alter: (exchange) => {
        if (exchange.path === '/local/mailbox') exchange.body = '[]';
      },
    });
    expect(namesOf(report, 'failed')).toEqual(['sign-in']);
    expect(found(report, 'sign-in')?.says).toMatch(/^No email arrived for/);
  });

  test.for([
    { member: 'refresh_token', says: 'there is no refresh token' },
    { member: 'expires_in', says: 'it is not said when the access token expires' },
  ])('tokens without $member', async ({ member, says }) => {
    const report = await signInto({
      alter: (exchange) => {
        if (isFirst(exchange)) changeMembers(exchange, { [member]: undefined });
      },
    });
    expect(namesOf(report, 'failed')).toEqual(['sign-in']);
    expect(found(report, 'sign-in')).toMatchObject({ says, remedy: expect.stringContaining('Token') });
  });
});

describe('a tool that fails is named, with its remedy:', () => {
  /** Whether somebody who holds a token asks for this method, in whichever revision of the protocol. */
  const isAskedFor = (method: string, { path, sentHeaders }: Exchange, body: string) =>
    path === '/mcp' && sentHeaders.has('authorization') && body.includes(`"${method}"`);

  test('none are listed', async () => {
    const report = await signInto({
      alter: (exchange) => {
        if (exchange.status === 200 && exchange.path === '/mcp')
          exchange.body = exchange.body.replace(/"tools":\[.*\](?=[,}])/, '"tools":[]');
      },
    });
    expect(namesOf(report, 'failed')).toEqual(['tools']);
    expect(found(report, 'tools')).toMatchObject({ says: 'there are none', remedy: expect.stringContaining('Mcp') });
    expect(found(report, 'call of a tool')?.says).toBe('needs the tools');
    expect(found(report, 'challenge for a missing scope')?.says).toBe('needs the tools');
  });

  test('the token is refused that was just given', async () => {
    const report = await signInto({
      alter: (exchange) => {
        if (exchange.path === '/mcp' && exchange.status === 200) exchange.status = 500;
      },
    });
    expect(namesOf(report, 'failed')).toEqual(['tools', 'token bound to a key']);
    expect(found(report, 'tools')?.says).toContain('refused the call (500)');
  });

  test('it answers with an error', async () => {
    const report = await signInto({
      alter: (exchange) => {
        if (isAskedFor('structuredContent', exchange, exchange.body))
          exchange.body = exchange.body.replace('"structuredContent":', '"isError":true,"structuredContent":');
      },
    });
    expect(namesOf(report, 'failed')).toEqual(['call of a tool']);
    expect(found(report, 'call of a tool')?.says).toBe('list_todos answers with an error');
  });

  test('none can be called without knowing more', async () => {
    const report = await signInto({
      alter: (exchange) => {
        if (exchange.path === '/mcp')
          exchange.body = exchange.body.replaceAll('"readOnlyHint":true', '"readOnlyHint":false');
      },
    });
    expect(report.failed).toBe(0);
    expect(found(report, 'call of a tool')?.says).toBe('needs a tool that was granted, only reads and takes no input');
    expect(found(report, 'challenge for a missing scope')?.says).toContain('needs two tools');
  });
});

describe('a person who approves less', () => {
  test('has only that tried which they approved', async () => {
    const report = await signInto({
      alter: (exchange) => {
        if (isFirst(exchange)) changeMembers(exchange, { scope: 'profile:read' });
      },
    });
    expect(report.failed).toBe(0);
    expect(found(report, 'call of a tool')?.says).toBe('whoami');
    expect(found(report, 'challenge for a missing scope')).toMatchObject({
      outcome: 'not checked',
      says: 'needs two tools that were granted, only read, take no input and differ in scope',
    });
  });
});

describe('an interruption after the sign-in', () => {
  test('ends what was granted and removes the client, and checks nothing more', async () => {
    const requests: string[] = [];
    const { url } = await alteredServer(real, {
      headers: newSourceIp(),
      ignores: ({ path }) => {
        const isOver = path === '/mcp' && requests.includes('POST /token 200');
        if (isOver) run.interrupt();
        return isOver;
      },
      alter: ({ method, path, status }) => requests.push(`${method} ${path} ${status}`),
    });
    const run = startDoctor(['--url', url, '--sign-in', '--email', newAddress(), '--json']);
    const { code, stdout } = await run.ended;
    const report = JSON.parse(stdout) as Report;
    const after = requests.slice(requests.indexOf('POST /token 200') + 1);
    expect(after).toEqual([
      'POST /revoke 200',
      expect.stringMatching(/^DELETE .* 204$/),
      expect.stringMatching(/^GET .* 401$/),
    ]);
    expect({ code, failed: report.failed }).toEqual({ code: 1, failed: 0 });
    expect(found(report, 'tools')).toMatchObject({ outcome: 'not checked', says: 'interrupted' });
    expect(found(report, 'access ends')?.says).toBe('interrupted');
  });
});

describe('a challenge for a missing scope that is wrong is named, with its remedy:', () => {
  const name = 'challenge for a missing scope';
  const atMcp = (status: number, alter: (exchange: Exchange) => void): Alterations => ({
    alter: (exchange) => {
      if (exchange.path === '/mcp' && exchange.status === status && exchange.sentHeaders.has('authorization'))
        alter(exchange);
    },
  });

  test('under the name that API Gateway gives it', async () => {
    const report = await signInto(
      atMcp(403, ({ headers }) => {
        headers.set('x-amzn-remapped-www-authenticate', headers.get('www-authenticate') ?? '');
        headers.delete('www-authenticate');
      }),
    );
    expect(namesOf(report, 'failed')).toEqual([name]);
    expect(found(report, name)?.says).toBe('WWW-Authenticate arrives as x-amzn-remapped-www-authenticate alone');
    expect(found(report, name)?.remedy).toContain('restoreChallenge in vestibule.config.ts');
  });

  test.for([
    { pattern: /error="insufficient_scope",? ?/, by: '', says: 'it lacks error="insufficient_scope"' },
    { pattern: /scope="[^"]*"/, by: 'scope="profile:write"', says: 'the challenge does not ask for ' },
  ])('without $pattern', async ({ pattern, by, says }) => {
    const report = await signInto(
      atMcp(403, ({ headers }) => {
        const value = headers.get('www-authenticate') ?? '';
        expect(value).toMatch(pattern);
        headers.set('www-authenticate', value.replace(pattern, by));
      }),
    );
    expect(namesOf(report, 'failed')).toEqual([name]);
    expect(found(report, name)?.says).toContain(says);
    expect(found(report, name)?.remedy).toContain('Mcp');
  });

  test('because the tool answers all the same', async () => {
    const report = await signInto(
      atMcp(403, (exchange) => {
        exchange.status = 200;
      }),
    );
    expect(namesOf(report, 'failed')).toEqual([name]);
    expect(found(report, name)?.says).toBe('tools answer to tokens that lack their scope');
  });

  test('because a token is not narrowed', async () => {
    const report = await signInto({
      alter: (exchange) => {
        if (isRefresh(exchange) && exchange.sent.has('scope')) changeMembers(exchange, { scope: 'all' });
      },
    });
    expect(namesOf(report, 'failed')).toEqual([name]);
    expect(found(report, name)?.says).toMatch(/^a token that is asked for with \S+ alone has all$/);
  });
});

describe('a refresh that fails is named, with its remedy:', () => {
  test('it keeps its refresh token', async () => {
    const report = await signInto({
      alter: (exchange) => {
        if (isRefresh(exchange) && exchange.status === 200)
          changeMembers(exchange, { refresh_token: exchange.sent.get('refresh_token') });
      },
    });
    expect(namesOf(report, 'failed')).toEqual(['refresh']);
    expect(found(report, 'refresh')?.says).toBe('the refresh token stays the same');
    expect(found(report, 'refresh that is repeated')?.says).toBe('needs the refresh');
  });

  test('it forgets what it answered a moment ago', async () => {
    const repetition = repetitions();
    const report = await signInto({
      alter: (exchange) => {
        if (isRefresh(exchange) && exchange.status === 200 && repetition(exchange) > 0)
          Object.assign(exchange, { status: 400, body: '{"error":"invalid_grant"}' });
      },
    });
    expect(namesOf(report, 'failed')).toEqual(['refresh that is repeated']);
    expect(found(report, 'refresh that is repeated')).toMatchObject({
      says: 'it is refused with 400 invalid_grant',
      remedy: expect.stringContaining('lifetimes.repeatWindowSeconds'),
    });
  });

  test('it gives another successor at the second time', async () => {
    const repetition = repetitions();
    const report = await signInto({
      alter: (exchange) => {
        if (isRefresh(exchange) && exchange.status === 200 && repetition(exchange) > 0)
          changeMembers(exchange, { refresh_token: 'another' });
      },
    });
    expect(namesOf(report, 'failed')).toEqual(['refresh that is repeated']);
    expect(found(report, 'refresh that is repeated')?.says).toBe('it gives another successor');
  });

  test('and no secret that the server repeats is printed', async () => {
    const repetition = repetitions();
    const secrets = new Set<string>();
    const { url } = await alteredServer(real, {
      headers: newSourceIp(),
      alter: (exchange) => {
        if (!isRefresh(exchange) || exchange.status !== 200 || repetition(exchange) === 0) return;
        const error = exchange.sent.get('refresh_token') ?? '';
        secrets.add(error);
        Object.assign(exchange, { status: 400, body: JSON.stringify({ error }) });
      },
    });
    const { stdout, stderr } = await doctor(['--url', url, '--sign-in', '--email', newAddress()]);
    expect(secrets.size).toBe(1);
    expect(stdout).toMatch(/found {3}it is refused with 400 \S{4}…/);
    expect([...secrets].filter((secret) => (stdout + stderr).includes(secret))).toEqual([]);
  });
});

describe('a revocation that fails is named, with its remedy:', () => {
  test('it is refused', async () => {
    const report = await signInto({
      alter: (exchange) => {
        if (exchange.path === '/revoke' && exchange.method === 'POST') exchange.status = 503;
      },
    });
    expect(namesOf(report, 'failed')).toEqual(['revocation']);
    expect(found(report, 'revocation')).toMatchObject({
      says: 'the status is 503',
      remedy: expect.stringContaining('Revoke'),
    });
    expect(found(report, 'access ends')?.says).toBe('needs the revocation');
  });

  test('it does nothing', async () => {
    const report = await signInto({ withholds: ({ path, method }) => path === '/revoke' && method === 'POST' });
    expect(namesOf(report, 'failed')).toEqual(['access ends', 'refresh ends']);
    expect(found(report, 'access ends')?.says).toBe('an access token still opens /mcp');
    expect(found(report, 'refresh ends')?.says).toBe('the status is 200, not 400');
  });

  test('it acts a while later, since answers of the MCP endpoint are kept', async () => {
    const kept: { body?: string } = {};
    const report = await signInto({
      alter: (exchange) => {
        const { path, status, body, sentHeaders } = exchange;
        if (path !== '/mcp' || !sentHeaders.has('authorization')) return;
        if (status === 200) kept.body = body;
        if (status === 401 && kept.body !== undefined) Object.assign(exchange, { status: 200, body: kept.body });
      },
    });
    expect(namesOf(report, 'failed')).toEqual(['token bound to a key', 'access ends']);
    expect(found(report, 'access ends')?.remedy).toContain('keep answers of /mcp');
  });
});
