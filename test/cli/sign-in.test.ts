import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { Browser, location } from '../support/browser.ts';
import { approve, newAddress, reachConsent } from '../support/flow.ts';
import { Installation, requestsIn, temporaryFolder } from './client-process.ts';
import type { Run } from './program.ts';

const issuer = inject('issuer');

const list = ['--tool', 'list_todos', '--no-browser', '--verbose'];

function start(): Run {
  return new Installation(`${issuer}/mcp`).start(list);
}

/** Goes to the consent page, as the person at the browser. */
async function atConsent(address: URL) {
  const browser = new Browser(issuer);
  const first = await browser.open(address.href);
  return { browser, consent: await reachConsent(issuer, browser, first, newAddress()) };
}

/** Where an answer to this sign-in would go, with these parameters. */
function answerTo(address: URL, parameters: Record<string, string>): URL {
  const answer = new URL(address.searchParams.get('redirect_uri') ?? '');
  const state = address.searchParams.get('state') ?? '';
  answer.search = new URLSearchParams({ iss: issuer, state, ...parameters }).toString();
  return answer;
}

describe('the authorization request, OAuth 2.1 §4.1.1', () => {
  test('carries PKCE, state, the resource, and a loopback redirect', async () => {
    const { searchParams, origin, pathname } = await start().address;
    expect(`${origin}${pathname}`).toBe(`${issuer}/authorize`);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
      resource: `${issuer}/mcp`,
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
    });
  });

  test.runIf(process.platform === 'linux')('opens in a browser, as one argument that no shell reads', async () => {
    const folder = temporaryFolder();
    const opener = join(folder, 'xdg-open');
    writeFileSync(opener, `#!/bin/sh\nprintf '%s\\n' "$#" "$@" > '${folder}/opened'\n`);
    chmodSync(opener, 0o755);
    const client = new Installation(`${issuer}/mcp`);
    const run = client.start(['--list'], { PATH: `${folder}:${process.env.PATH}` });
    const address = await run.address;
    await expect.poll(() => readFileSync(`${folder}/opened`, 'utf8')).toBe(`1\n${address.href}\n`);
  });

  test('is printed where nothing can open it', async () => {
    const client = new Installation(`${issuer}/mcp`);
    const run = client.start(['--list'], { PATH: temporaryFolder() });
    const { browser, consent } = await atConsent(await run.address);
    await fetch(await approve(browser, consent));
    expect(await run.ended).toMatchObject({ code: 0 });
  });
});

describe('the answer', () => {
  test('ends with a page to close and the call made', async () => {
    const run = start();
    const { browser, consent } = await atConsent(await run.address);
    const page = await fetch(await approve(browser, consent));
    expect(await page.text()).toContain('You can close this window');
    expect(await run.ended).toMatchObject({ code: 0 });
  });

  test('with another state is refused, and does not end the sign-in, RFC 9700 §4.7.1', async () => {
    const run = start();
    const address = await run.address;
    for (const state of ['forged', '']) {
      expect((await fetch(answerTo(address, { code: 'a-code-of-mine', state }))).status).toBe(400);
    }
    const { browser, consent } = await atConsent(address);
    await fetch(await approve(browser, consent));
    const ended = await run.ended;
    expect(ended).toMatchObject({ code: 0 });
    expect(requestsIn(ended).filter((request) => request === 'POST /token')).toHaveLength(1);
  });

  test.for([
    { what: 'another issuer', parameters: { iss: 'https://evil.example' } },
    { what: 'no issuer', parameters: { iss: '' } },
  ])('of $what is refused, and its code goes nowhere, RFC 9207 §2.4', async ({ parameters }) => {
    const run = start();
    const answer = answerTo(await run.address, { code: 'a-code', ...parameters });
    if (!parameters.iss) answer.searchParams.delete('iss');
    await fetch(answer);
    const ended = await run.ended;
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining(`not from ${issuer}`) });
    expect(requestsIn(ended)).not.toContain('POST /token');
  });

  test('access_denied is one sentence, RFC 6749 §4.1.2.1', async () => {
    const run = start();
    const { browser, consent } = await atConsent(await run.address);
    const denied = location(await browser.post('/authorize/consent', { ...consent.fields, decision: 'deny' }));
    await fetch(denied);
    expect(await run.ended).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^You canceled the sign-in\. Nothing was done\.\n$/m),
    });
  });

  test('that says another error is given in its words, and cannot steer the terminal', async () => {
    const run = start();
    await fetch(answerTo(await run.address, { error: 'server_error', error_description: 'Out\u001b[2Jof luck' }));
    expect(await run.ended).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('The sign-in failed: Out [2Jof luck.'),
    });
  });

  test('that never comes ends the wait', async () => {
    const run = await new Installation(`${issuer}/mcp`).run(...list, '--timeout', '0.1');
    expect(run).toMatchObject({ code: 3, stderr: expect.stringContaining('Nobody finished the sign-in') });
  });

  test('is only looked for at its own path', async () => {
    const redirect = new URL((await start().address).searchParams.get('redirect_uri') ?? '');
    expect((await fetch(new URL('/favicon.ico', redirect))).status).toBe(404);
  });
});
