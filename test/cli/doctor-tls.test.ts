import type { RequestListener } from 'node:http';
import type { TlsOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Browser } from '../support/browser.ts';
import { type Certificate, newCertificate } from '../support/certificate.ts';
import { approve, newSourceIp, reachConsent } from '../support/flow.ts';
import { alteredServer, type Exchange, swap } from './altered-server.ts';
import { examine, examineAs, namesOf, type Report, startDoctor } from './doctor-process.ts';

const real = inject('issuer');
let certificate: Certificate;
beforeAll(async () => {
  certificate = await newCertificate({ days: 30 });
});
afterAll(async () => {
  certificate?.remove();
});

type Alterations = Omit<Parameters<typeof alteredServer>[1], 'headers' | 'tls'> & { readonly tls?: TlsOptions };

/** The server as it stands behind TLS, with these faults. */
function deployed({ tls = {}, ...alterations }: Alterations = {}) {
  const { key, cert } = certificate;
  return alteredServer(real, { ...alterations, headers: newSourceIp(), tls: { key, cert, ...tls } });
}

/** What doctor makes of it, on a machine that trusts the certificate. */
async function examineDeployed(alterations: Alterations, { caFile } = certificate) {
  const { issuer } = await deployed(alterations);
  return examineAs(['--url', issuer], {}, caFile);
}

function found({ checks }: Report, name: string) {
  return checks.find((check) => check.name === name);
}

/** Has doctor sign in, and walks through the pages as its person. The pages know the server by its own address. */
async function startSignIn(alter?: (exchange: Exchange) => void) {
  const { issuer } = await deployed(alter && { alter });
  const args = ['--url', issuer, '--sign-in', '--no-browser', '--json'];
  const run = startDoctor(args, { NODE_EXTRA_CA_CERTS: certificate.caFile });
  const address = swap((await run.address).href, issuer, real);
  const finish = async () => {
    const browser = new Browser(real);
    const consent = await reachConsent(real, browser, await browser.open(address));
    const redirect = await approve(browser, consent);
    await fetch(swap(redirect.href, real, issuer));
  };
  return { run, finish };
}

describe('a deployment', () => {
  test('that works passes, but for what needs a person or AWS credentials', async () => {
    const report = await examineDeployed({});
    expect(report.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(report.code).toBe(0);
    expect(found(report, 'TLS certificate')?.says).toBe('29 days left');
    expect(found(report, 'TLS versions')?.says).toBe('TLSv1.3');
    expect(found(report, 'plain http')?.says).toBe('refused');
    expect(found(report, 'mail')).toMatchObject({ outcome: 'not checked', says: 'no AWS credentials' });
    expect(found(report, 'sign-in')).toMatchObject({ outcome: 'not checked', says: 'needs --sign-in' });
  });

  test('is signed in to by a person in a browser', async () => {
    const { run, finish } = await startSignIn();
    await finish();
    const { code, stdout, stderr } = await run.ended;
    const report = JSON.parse(stdout) as Report;
    expect(namesOf(report, 'not checked')).toEqual(['mail', 'reviewers']);
    expect({ code, failed: report.failed }).toEqual({ code: 0, failed: 0 });
    expect(stderr).toMatch(/^Allow everything it asks for, or less is checked\. Open this address/);
  });

  test('is tidied up when the person gives up', async () => {
    const removed: string[] = [];
    const { run } = await startSignIn(({ method, path, status }) => {
      if (method === 'DELETE' && status === 204) removed.push(path);
    });
    run.interrupt();
    const { code, stdout } = await run.ended;
    const report = JSON.parse(stdout) as Report;
    expect(removed).toEqual([expect.stringMatching(/^\/register\/./)]);
    expect({ code, failed: report.failed }).toEqual({ code: 1, failed: 0 });
    expect(found(report, 'sign-in')).toMatchObject({ outcome: 'not checked', says: 'interrupted' });
    expect(found(report, 'refresh')?.says).toBe('interrupted');
  });

  test('where nobody signs in in time has failed in that alone', async () => {
    const { issuer } = await deployed();
    const args = ['--url', issuer, '--sign-in', '--no-browser', '--timeout', '0.1', '--json'];
    const { code, stdout } = await startDoctor(args, { NODE_EXTRA_CA_CERTS: certificate.caFile }).ended;
    const report = JSON.parse(stdout) as Report;
    expect(namesOf(report, 'failed')).toEqual(['sign-in']);
    expect(found(report, 'sign-in')?.says).toMatch(/^Nobody finished the sign-in within 0\.1 seconds/);
    expect(code).toBe(1);
  });
});

describe('a certificate', () => {
  test('that nobody vouches for is named, and nothing more is asked', async () => {
    const { issuer } = await deployed();
    const report = await examine(['--url', issuer]);
    expect(namesOf(report, 'failed')).toEqual(['answers', 'TLS certificate']);
    expect(found(report, 'TLS certificate')).toMatchObject({
      says: 'it is not trusted: DEPTH_ZERO_SELF_SIGNED_CERT',
      remedy: expect.stringContaining('ACM'),
    });
    expect(found(report, 'registration')?.says).toBe('needs a server that answers');
  });

  test.for([
    { what: 'of another host', made: { days: 30, name: 'other.example' }, fails: ['answers', 'TLS certificate'] },
    { what: 'that soon ends', made: { days: 10 }, fails: ['TLS certificate'] },
  ])('$what is named', async ({ made, fails }) => {
    const other = await newCertificate(made);
    const { key, cert } = other;
    const report = await examineDeployed({ tls: { key, cert } }, other);
    other.remove();
    expect(namesOf(report, 'failed')).toEqual(fails);
    const says = made.name
      ? /^it is not trusted: ERR_TLS_CERT_ALTNAME_INVALID$|Hostname/
      : /^it is valid for 9 days more$/;
    expect(found(report, 'TLS certificate')?.says).toMatch(says);
  });
});

describe('the connection', () => {
  test('that TLS 1.1 opens is named', async () => {
    const report = await examineDeployed({ tls: { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } });
    expect(namesOf(report, 'failed')).toEqual(['TLS versions']);
    expect(found(report, 'TLS versions')).toMatchObject({
      says: 'TLSv1.1 is accepted',
      remedy: expect.stringContaining('TLS_1_2'),
    });
  });

  test.for([
    { value: undefined, says: 'Strict-Transport-Security is missing' },
    { value: 'max-age=300', says: 'Strict-Transport-Security is "max-age=300"' },
  ])('with $value as Strict-Transport-Security is named', async ({ value, says }) => {
    const report = await examineDeployed({
      alter: ({ headers }) => {
        headers.delete('strict-transport-security');
        if (value) headers.set('strict-transport-security', value);
      },
    });
    expect(namesOf(report, 'failed')).toEqual(['HSTS']);
    expect(found(report, 'HSTS')).toMatchObject({ says, remedy: expect.stringContaining('pass it') });
  });

  const open: readonly { readonly what: string; readonly alsoHttp: RequestListener; readonly says: string }[] = [
    {
      what: 'answers',
      alsoHttp: (_, response) => response.writeHead(200).end('{"status":"ok"}'),
      says: 'http is answered with 200',
    },
    {
      what: 'leads elsewhere, over http too',
      alsoHttp: (_, response) => response.writeHead(301, { location: 'http://www.example/' }).end(),
      says: 'http is answered with 301',
    },
  ];
  test.for(open)('over http that $what is named', async ({ alsoHttp, says }) => {
    const report = await examineDeployed({ alsoHttp });
    expect(namesOf(report, 'failed')).toEqual(['plain http']);
    expect(found(report, 'plain http')).toMatchObject({ says, remedy: expect.stringContaining('port 80') });
  });

  const closed: readonly { readonly alsoHttp: RequestListener; readonly says: string }[] = [
    {
      alsoHttp: ({ url }, response) => response.writeHead(301, { location: `https://localhost${url}` }).end(),
      says: 'redirected',
    },
    { alsoHttp: (_, response) => response.writeHead(403).end(), says: 'refused with 403' },
  ];
  test.for(closed)('over http that is $says passes', async ({ alsoHttp, says }) => {
    const report = await examineDeployed({ alsoHttp });
    expect(report.failed).toBe(0);
    expect(found(report, 'plain http')?.says).toBe(says);
  });
});

describe('a cookie of a deployment', () => {
  test.for([
    { what: 'without Secure', change: (cookie: string) => cookie.replace('; Secure', ''), says: / lacks secure$/ },
    {
      what: 'without the prefix',
      change: (cookie: string) => cookie.replace('__Host-', ''),
      says: /begin with __Host-$/,
    },
    {
      what: 'for other hosts',
      change: (cookie: string) => `${cookie}; Domain=localhost`,
      says: /for other hosts too$/,
    },
  ])('$what is named', async ({ change, says }) => {
    const report = await examineDeployed({
      alter: ({ headers }) => {
        const cookies = headers.getSetCookie();
        headers.delete('set-cookie');
        for (const cookie of cookies) headers.append('set-cookie', change(cookie));
      },
    });
    expect(namesOf(report, 'failed')).toEqual(['cookies']);
    expect(found(report, 'cookies')?.says).toMatch(says);
  });
});
