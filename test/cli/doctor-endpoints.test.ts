import { randomUUID } from 'node:crypto';
import { describe, expect, inject, test } from 'vitest';
import { newSourceIp } from '../support/flow.ts';
import { alteredServer, changeMembers, type Exchange } from './altered-server.ts';
import { at, type Fault, page, resourcePaths, respond, says, testFaults } from './doctor-fault.ts';
import { doctor, examine, namesOf } from './doctor-process.ts';

const real = inject('issuer');

const isOpening = ({ path, method }: Exchange) => path === '/authorize' && method === 'GET';

const isRegistration = (path: string) => path.startsWith('/register/');

const registration: readonly Fault[] = [
  {
    what: 'a registration that fails',
    alter: at('/register', (exchange) => {
      if (exchange.method === 'POST') exchange.status = 500;
    }),
    fails: ['registration', 'bad redirect URI'],
    says: 'the status is 500',
    remedy: 'Register',
  },
  {
    what: 'a registration that cannot be managed',
    alter: says('/register', { registration_access_token: undefined }),
    fails: ['registration'],
    says: 'there is no registration_access_token',
    remedy: 'Register',
  },
  {
    what: 'a registration that anybody may read',
    alter: (exchange) => {
      if (isRegistration(exchange.path) && !exchange.sentHeaders.has('authorization')) exchange.status = 200;
    },
    fails: ['reading the registration'],
    says: 'without the token the status is 200',
    remedy: 'Register',
  },
  {
    what: 'the registration of another client',
    alter: (exchange) => {
      if (isRegistration(exchange.path)) changeMembers(exchange, { client_id: 'another' });
    },
    fails: ['reading the registration'],
    says: 'it is the registration of another client',
    remedy: 'Register',
  },
  {
    what: 'another error for a bad redirect URI',
    alter: at('/register', (exchange) => {
      if (exchange.status === 400) changeMembers(exchange, { error: 'invalid_request' });
    }),
    fails: ['bad redirect URI'],
    says: 'the error is invalid_request',
    remedy: 'Register',
  },
  {
    what: 'a removal that fails',
    alter: (exchange) => {
      if (exchange.method === 'DELETE' && isRegistration(exchange.path)) exchange.status = 500;
    },
    fails: ['removal of the registration'],
    says: /^the status is 500, and the client [0-9A-Za-z]{22} stays$/,
    remedy: 'npm run admin -- clients remove',
  },
];

const authorization: readonly Fault[] = [
  {
    what: 'an open redirect',
    alter: (exchange) => {
      if (isOpening(exchange) && exchange.status === 400)
        respond(exchange, 302, { location: 'https://x.example/' }, '');
    },
    fails: ['unknown client', 'foreign redirect URI', 'error for the client'],
    says: 'the browser is sent to https://x.example/',
    remedy: 'Authorize',
  },
  {
    what: 'an answer without iss',
    alter: (exchange) => {
      exchange.body = exchange.body.replace(/&(amp;|#38;)iss=[^&"]*/, '');
    },
    fails: ['error for the client'],
    says: 'iss is missing',
    remedy: 'Authorize',
  },
  {
    what: 'an answer with another state',
    alter: (exchange) => {
      exchange.body = exchange.body.replace(/(href="[^"]*)state=[^&"]*/, '$1state=another');
    },
    fails: ['error for the client'],
    says: 'the state is not the one that was sent',
    remedy: 'Authorize',
  },
  {
    what: 'an error that the browser keeps to itself',
    alter: (exchange) => {
      exchange.body = exchange.body.replace(/<a class="main"[^>]*>/, '<a class="main">');
    },
    fails: ['error for the client'],
    says: 'nothing leads to the redirect URI of the client',
    remedy: 'Authorize',
  },
  {
    what: 'a page that does not ask for an address',
    alter: at('/authorize', (exchange) => {
      exchange.body = exchange.body.replace('name="email"', 'name="e-mail"');
    }),
    fails: ['sign-in page'],
    says: 'there is no form that asks for an address',
    remedy: 'Authorize',
  },
  {
    what: 'a form that goes elsewhere',
    alter: at('/authorize', (exchange) => {
      exchange.body = exchange.body.replaceAll('action="/', 'action="https://x.example/');
    }),
    fails: ['sign-in page'],
    says: 'the form goes to https://x.example/',
    remedy: 'Authorize',
  },
  {
    what: 'a cookie that scripts read',
    alter: ({ headers }) => {
      const cookies = headers.getSetCookie();
      headers.delete('set-cookie');
      for (const cookie of cookies) headers.append('set-cookie', cookie.replace('; HttpOnly', ''));
    },
    fails: ['cookies'],
    says: /^the cookie signin-\w+ lacks httponly$/,
    remedy: 'set none of its own',
  },
  {
    what: 'cookies that are dropped',
    alter: ({ headers }) => headers.delete('set-cookie'),
    fails: ['cookies'],
    says: 'no cookie is set',
    remedy: 'have what stands before the API pass it',
  },
];

const headersOfPages = [
  ['content-security-policy', undefined, 'content-security-policy is missing'],
  ['content-security-policy', "default-src 'none'", `content-security-policy is "default-src 'none'"`],
  ['content-security-policy', "frame-ancestors 'none'", `content-security-policy is "frame-ancestors 'none'"`],
  ['x-content-type-options', undefined, 'x-content-type-options is missing'],
  ['referrer-policy', 'no-referrer', 'referrer-policy is "no-referrer"'],
  ['cache-control', 'public, max-age=60', 'cache-control is "public, max-age=60"'],
] as const;

const pageHeaders: readonly Fault[] = headersOfPages.map(([name, value, found]) => ({
  what: `a page with ${value ?? 'no value'} as ${name}`,
  alter: at('/authorize', ({ headers }) => (value === undefined ? headers.delete(name) : headers.set(name, value))),
  fails: ['headers of a page'],
  says: found,
  remedy: 'have what stands before the API pass it',
}));

const tokens: readonly Fault[] = [
  {
    what: 'another error for a made-up refresh token',
    alter: at('/token', (exchange) => {
      if (exchange.body.includes('invalid_grant')) changeMembers(exchange, { error: 'invalid_request' });
    }),
    fails: ['made-up refresh token'],
    says: 'the error is invalid_request, not invalid_grant',
    remedy: 'Token',
  },
  {
    what: 'refusals that are pages',
    alter: at('/token', (exchange) => {
      if (exchange.status === 400) respond(exchange, 400, page, '<h1>Bad request</h1>');
    }),
    fails: ['made-up refresh token', 'answers are not kept'],
    says: 'the content type is text/html',
    remedy: 'Token',
  },
  {
    what: 'answers that may be kept',
    alter: at('/token', ({ headers }) => headers.set('cache-control', 'max-age=60')),
    fails: ['answers are not kept'],
    says: 'cache-control is "max-age=60"',
    remedy: 'keep no answer of /token',
  },
  {
    what: 'another status for a client that is gone',
    alter: at('/token', (exchange) => {
      if (exchange.status === 401) exchange.status = 400;
    }),
    fails: ['client that is gone'],
    says: 'the status is 400, not 401',
    remedy: 'Token',
  },
  {
    what: 'no mailbox',
    alter: at('/local/mailbox', (exchange) => respond(exchange, 404, {}, '{}')),
    fails: ['mail'],
    says: 'answers with 404',
    remedy: 'npm start',
  },
];

testFaults(
  {
    registration,
    authorization,
    'pages of the sign-in': pageHeaders,
    'tokens and mail': tokens,
  },
  () => real,
);

describe('what is left behind by a faulty server is removed:', () => {
  test('a registration with a bad redirect URI', async () => {
    const id = randomUUID();
    const removed: string[] = [];
    const { url, issuer } = await alteredServer(real, {
      headers: newSourceIp(),
      alter: (exchange) => {
        const { method, path, status } = exchange;
        if (method === 'DELETE' && path === `/register/${id}`)
          removed.push(exchange.sentHeaders.get('authorization') ?? '');
        if (path !== '/register' || status !== 400) return;
        const body = {
          client_id: id,
          registration_client_uri: `${issuer}/register/${id}`,
          registration_access_token: 'it',
        };
        respond(exchange, 201, {}, JSON.stringify(body));
      },
    });
    const report = await examine(['--url', url]);
    expect(namesOf(report, 'failed')).toEqual(['bad redirect URI']);
    expect(report.checks.find(({ name }) => name === 'bad redirect URI')?.says).toBe('the status is 201');
    expect(removed).toEqual(['Bearer it']);
  });

  test('unless it removes nothing, which is found out', async () => {
    const { url } = await alteredServer(real, {
      headers: newSourceIp(),
      withholds: ({ method, path }) => method === 'DELETE' && isRegistration(path),
      alter: (exchange) => {
        if (exchange.method === 'DELETE' && isRegistration(exchange.path)) exchange.status = 204;
      },
    });
    const report = await examine(['--url', url]);
    expect(namesOf(report, 'failed')).toEqual(['removal of the registration']);
    const says = report.checks.find(({ name }) => name === 'removal of the registration')?.says;
    expect(says).toMatch(/^the client \S+ is still there: reading it is answered with 200$/);
  });
});

describe('the report', () => {
  test('gives a failure three lines, and names it at the end', async () => {
    const { url } = await alteredServer(real, {
      headers: newSourceIp(),
      alter: says('/healthz', { status: 'tired' }),
    });
    const { code, stdout } = await doctor(['--url', url]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /\nFAIL {2}answers · \d+ ms\n {6}found {3}it does .*\n {6}should {2}GET .*\n {6}remedy {2}\S.*\n/,
    );
    expect(stdout).toMatch(/\n\d+ passed, 1 failed \(answers\), 15 not checked\.\n$/);
  });

  test('shows what a server sends without letting it steer the terminal', async () => {
    const { url } = await alteredServer(real, {
      headers: newSourceIp(),
      alter: says(resourcePaths, { resource: 'https://x.example/\u001b[2J\n\u009b2J' }),
    });
    const [shown, told] = [await doctor(['--url', url]), await doctor(['--url', url, '--json'])];
    for (const { stdout } of [shown, told]) {
      expect(stdout).toContain('it is https://x.example/ [2J');
      expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\\u00/u);
    }
  });
});
