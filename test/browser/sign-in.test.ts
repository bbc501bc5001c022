import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { browserOfFile, complaintsOf } from '../support/chromium.ts';
import {
  authorizePath,
  mailedCode,
  mailsTo,
  newAddress,
  newPkce,
  newSourceIp,
  register,
  requestTokens,
} from '../support/flow.ts';
import { newReviewer } from '../support/reviewers.ts';

const issuer = inject('issuer');
const chrome = browserOfFile();

/** A window of its own, and all that its console complains of. */
async function newWindow(options: BrowserContextOptions = {}) {
  const context = await (await chrome()).newContext({ extraHTTPHeaders: newSourceIp(), ...options });
  context.setDefaultTimeout(15_000);
  onTestFinished(() => context.close());
  const { page, complaints } = await newTab(context);
  return { context, page, complaints };
}

async function newTab(
  context: BrowserContext,
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const page = await context.newPage();
  return { page, complaints: complaintsOf(page) };
}

type Visit = { readonly url: URL; readonly referer: string | undefined };

/** A client's own little web server, on any free port. It remembers who came. */
async function newSite(answer?: (request: IncomingMessage, response: ServerResponse) => void) {
  const visits: Visit[] = [];
  const site: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/callback') visits.push({ url, referer: request.headers.referer });
    response.setHeader('content-type', 'text/html');
    if (answer) answer(request, response);
    else response.end('<!doctype html><title>Client</title><h1>Connected</h1>');
  }).listen(0);
  await once(site, 'listening');
  onTestFinished(() => {
    site.closeAllConnections();
    site.close();
  });
  return { port: (site.address() as AddressInfo).port, visits };
}

/** A registered client, and where its authorization request is. */
async function newRequest(redirectUri: string, metadata: object = {}) {
  const { client_id: clientId } = await register(issuer, { redirect_uris: [redirectUri], ...metadata });
  const { verifier, challenge } = newPkce();
  return {
    clientId,
    verifier,
    redirectUri,
    url: issuer + authorizePath(clientId, challenge, { redirect_uri: redirectUri }),
  };
}

async function tokenStatus(
  { clientId, verifier, redirectUri }: Awaited<ReturnType<typeof newRequest>>,
  code: string | null,
): Promise<number> {
  const grant = {
    grant_type: 'authorization_code',
    client_id: clientId,
    code_verifier: verifier,
    redirect_uri: redirectUri,
  };
  return (await requestTokens(issuer, { ...grant, code: code ?? '' })).status;
}

/** Types the address and the mailed code, as far as the consent page. */
async function signIn(page: Page, address = newAddress()): Promise<void> {
  await page.getByLabel('Email address').fill(address);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Code').fill(await mailedCode(issuer, address));
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Allow' }).waitFor();
}

/** Goes back, and has the form sent again: a browser asks its person first. */
async function goBack(page: Page): Promise<void> {
  await page.route('**', async (route) => route.fulfill({ response: await route.fetch({ maxRedirects: 0 }) }));
  await page.goBack();
  await page.unroute('**');
}

describe('a person in a browser', () => {
  test.for(['127.0.0.1', 'localhost'])('gets from the link to a program that listens at %s (A32)', async (host) => {
    const { port, visits } = await newSite();
    const request = await newRequest(`http://${host}:${port}/callback`);
    const { page, complaints } = await newWindow();
    await page.goto(request.url);
    await signIn(page);
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
    expect(complaints).toEqual([]);
    expect(visits.length).toBe(1);
    expect(visits[0]?.referer).toBeUndefined();
    expect(visits[0]?.url.searchParams.get('state')).toBe('the-state');
    expect(await tokenStatus(request, visits[0]?.url.searchParams.get('code') ?? null)).toBe(200);
  });

  test('gets there without JavaScript', async () => {
    const { port, visits } = await newSite();
    const request = await newRequest(`http://127.0.0.1:${port}/callback`);
    const { page } = await newWindow({ javaScriptEnabled: false });
    await page.goto(request.url);
    await signIn(page);
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
    expect(await tokenStatus(request, visits[0]?.url.searchParams.get('code') ?? null)).toBe(200);
  });

  test('gets there by the password of a reviewer, as it was pasted', async () => {
    const { port, visits } = await newSite();
    const request = await newRequest(`http://127.0.0.1:${port}/callback`);
    const { page, complaints } = await newWindow();
    const { address, password } = await newReviewer(issuer);
    await page.goto(request.url);
    await page.getByLabel('Email address').fill(address);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Code').fill(` ${password} `);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
    expect(complaints).toEqual([]);
    expect(await tokenStatus(request, visits[0]?.url.searchParams.get('code') ?? null)).toBe(200);
    expect(await mailsTo(issuer, address)).toEqual([]);
  });

  test('gets there with the keyboard alone, for the input of each page has the focus', async () => {
    const { port, visits } = await newSite();
    const { page } = await newWindow();
    await page.goto((await newRequest(`http://127.0.0.1:${port}/callback`)).url);
    const address = newAddress();
    await page.locator('input[name=email]:focus').waitFor();
    await page.keyboard.type(address);
    await page.keyboard.press('Enter');
    await page.locator('input[name=code]:focus').waitFor();
    await page.keyboard.type((await mailedCode(issuer, address)).toLowerCase());
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Allow' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
    expect(visits[0]?.url.searchParams.has('code')).toBe(true);
  });

  test('comes from the page of a client on another site', async () => {
    const target = { url: '' };
    const { port, visits } = await newSite((request, response) => {
      response.end(
        request.url === '/' ? `<a href="${target.url.replaceAll('&', '&amp;')}">Connect</a>` : '<h1>Connected</h1>',
      );
    });
    target.url = (await newRequest(`http://127.0.0.1:${port}/callback`)).url;
    const { page } = await newWindow();
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.getByRole('link', { name: 'Connect' }).click();
    await signIn(page);
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
    expect(visits.length).toBe(1);
  });

  test('may untick what the client asks for, and may deny it all', async () => {
    const { port, visits } = await newSite();
    const { page } = await newWindow();
    await page.goto((await newRequest(`http://127.0.0.1:${port}/callback`)).url);
    await signIn(page);
    for (const box of await page.getByRole('checkbox').all()) await box.uncheck();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('alert').waitFor();
    expect(visits).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
    expect(visits[0]?.url.searchParams.get('error')).toBe('access_denied');
    expect(visits[0]?.url.searchParams.has('code')).toBe(false);
  });

  test('may mistype the code, and have another one sent', async () => {
    const { port } = await newSite();
    const { page } = await newWindow();
    await page.goto((await newRequest(`http://127.0.0.1:${port}/callback`)).url);
    const address = newAddress();
    await page.getByLabel('Email address').fill(address);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Code').fill('AAAA-AAAA');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Resend code' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect((await mailsTo(issuer, address)).length).toBe(2);
    await page.getByLabel('Code').fill(await mailedCode(issuer, address));
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Allow' }).waitFor();
  });

  test('may click twice all the way, and type as people type', async () => {
    const { port, visits } = await newSite();
    const { page } = await newWindow();
    await page.goto((await newRequest(`http://127.0.0.1:${port}/callback`)).url);
    const address = newAddress();
    await page.getByLabel('Email address').fill(`Ada <${address}>.`);
    await page.getByRole('button', { name: 'Continue' }).dblclick();
    await page.getByLabel('Code').waitFor();
    expect((await mailsTo(issuer, address)).length).toBe(1);
    await page.getByLabel('Code').fill('not a code at all');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').filter({ hasText: 'count as an attempt' }).waitFor();
    await page.getByLabel('Code').fill(`Your code for Vestibule is: ${await mailedCode(issuer, address)}.`);
    await page.getByRole('button', { name: 'Continue' }).dblclick();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
    expect(visits[0]?.url.searchParams.has('code')).toBe(true);
  });

  test('finds the way back from a window that newer ones pushed out', async () => {
    const { port, visits } = await newSite();
    const { context, page } = await newWindow();
    await page.goto((await newRequest(`http://127.0.0.1:${port}/callback`)).url);
    for (let newer = 1; newer <= 5; newer += 1) {
      const { page: other } = await newTab(context);
      await other.goto((await newRequest(`http://127.0.0.1:${port}/callback`)).url);
    }
    await page.getByLabel('Email address').fill(newAddress());
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Too many windows' }).waitFor();
    await page.getByRole('link', { name: 'Start again' }).click();
    await signIn(page);
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
    expect(visits[0]?.url.searchParams.get('state')).toBe('the-state');
  });

  /** The page of an attacker opens a window, which leads the page to the request while it lies over it. */
  async function luredOnto(url: string) {
    const opened = '<!doctype html><button style="position: fixed; inset: 0; width: 100%">Click twice</button>';
    const { port } = await newSite((request, response) => {
      const isPopup = request.url === '/popup';
      response.end(isPopup ? opened : "<!doctype html><button onclick=\"open('/popup', '', 'popup')\">Go</button>");
    });
    const { context, page } = await newWindow();
    await page.goto(url);
    await signIn(page);
    // From here on the page's time stands still until a test lets it go on, so that no machine is too slow to be quick.
    await context.clock.install();
    await context.clock.pauseAt(Date.now() + 60_000);
    await page.goto(`http://127.0.0.1:${port}/`);
    const popup = context.waitForEvent('page');
    await page.getByRole('button', { name: 'Go' }).click();
    return { page, popup: await popup };
  }

  /** Presses Approve as fast as a mouse can, without waiting for anything. */
  async function pressApprove(page: Page): Promise<void> {
    const approve = page.getByRole('button', { name: 'Allow' });
    await approve.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await approve.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.click(x + width / 2, y + height / 2);
  }

  test('approves nothing by the second click of two, when the first closes a window that led here', async () => {
    const { port, visits } = await newSite();
    const { url } = await newRequest(`http://127.0.0.1:${port}/callback`);
    const { page, popup } = await luredOnto(url);
    await popup.evaluate(`addEventListener('mousedown', () => { opener.location = ${JSON.stringify(url)}; close() })`);
    const closed = popup.waitForEvent('close');
    await Promise.allSettled([popup.mouse.click(50, 50), closed]);
    await page.getByRole('button', { name: 'Allow' }).waitFor();
    await pressApprove(page);
    await page.getByRole('status').filter({ hasText: 'Nothing happened' }).waitFor();
    expect(visits).toEqual([]);
    await page.clock.runFor(1_000);
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
  });

  test('approves nothing at once when the page was there all the time, and only now has the focus', async () => {
    const { port, visits } = await newSite();
    const { url } = await newRequest(`http://127.0.0.1:${port}/callback`);
    const { page, popup } = await luredOnto(url);
    await popup.evaluate(`opener.location = ${JSON.stringify(url)}`);
    await page.getByRole('button', { name: 'Allow', disabled: true }).waitFor();
    await page.clock.runFor(1_000);
    const approve = page.getByRole('button', { name: 'Allow', disabled: false });
    await approve.waitFor();
    await popup.close();
    // A window without a screen keeps the focus whatever lies over it, so the browser's word of it is given here.
    await page.evaluate("dispatchEvent(new Event('focus'))");
    await pressApprove(page);
    await page.getByRole('status').filter({ hasText: 'Nothing happened' }).waitFor();
    expect(visits).toEqual([]);
    await page.clock.runFor(1_000);
    await approve.click();
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
  });

  test('may click twice on Approve: the code is the same, and good', async () => {
    const { port, visits } = await newSite((_, response) => {
      setTimeout(() => response.end('<h1>Connected</h1>'), 300);
    });
    const request = await newRequest(`http://127.0.0.1:${port}/callback`);
    const { page } = await newWindow();
    await page.goto(request.url);
    await signIn(page);
    await page.getByRole('button', { name: 'Allow' }).dblclick();
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
    const codes = new Set(visits.map(({ url }) => url.searchParams.get('code')));
    expect(codes.size).toBe(1);
    expect(await tokenStatus(request, [...codes][0] ?? null)).toBe(200);
  });

  test('may go back after Approve, and gets to the same end', async () => {
    const { port, visits } = await newSite();
    const request = await newRequest(`http://127.0.0.1:${port}/callback`);
    const { page } = await newWindow();
    await page.goto(request.url);
    await signIn(page);
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
    await goBack(page);
    const onward = page.getByRole('button', { name: 'Continue' });
    if (await onward.isVisible()) await onward.click();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
    expect(visits.length).toBe(2);
    expect(new Set(visits.map(({ url }) => url.href)).size).toBe(1);
    expect(await tokenStatus(request, visits[0]?.url.searchParams.get('code') ?? null)).toBe(200);
  });

  test('may have two tabs open, and finish them in the other order (A37)', async () => {
    const { port, visits } = await newSite();
    const { context, page: first } = await newWindow();
    const { page: second } = await newTab(context);
    const requests = [];
    for (const page of [first, second]) {
      const request = await newRequest(`http://127.0.0.1:${port}/callback`);
      requests.push(request);
      await page.goto(request.url);
    }
    for (const page of [second, first]) {
      await signIn(page);
      await page.getByRole('button', { name: 'Allow' }).click();
      await page.getByRole('heading', { name: 'Connected' }).waitFor();
    }
    const [ofSecond, ofFirst] = visits.map(({ url }) => url.searchParams.get('code'));
    const [one, other] = requests;
    if (!one || !other) throw new Error('The test lost a tab');
    expect(await tokenStatus(one, ofFirst ?? null)).toBe(200);
    expect(await tokenStatus(other, ofSecond ?? null)).toBe(200);
  });
});

describe('the redirect that ends it is followed in spite of the content security policy (A32)', () => {
  const isPolicy = (complaint: string) => /content security policy|form-action/i.test(complaint);

  test('into a private scheme', async () => {
    const redirectUri = 'cursor://anysphere.cursor-mcp/oauth/callback';
    const { page, complaints } = await newWindow();
    await page.goto((await newRequest(redirectUri)).url);
    await signIn(page);
    const answered = page.waitForResponse((response) => response.url().endsWith('/authorize/consent'));
    const tried = page
      .waitForEvent('requestfailed', (request) => request.url().startsWith('cursor:'))
      .catch(() => undefined);
    await page.getByRole('button', { name: 'Allow' }).click();
    const response = await answered;
    expect(response.status()).toBe(303);
    expect(response.headers().location?.startsWith(`${redirectUri}?code=`)).toBe(true);
    await Promise.race([
      tried,
      page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))').catch(() => undefined),
    ]);
    expect(complaints.filter(isPolicy)).toEqual([]);
  });

  test('to a site, and from there into a private scheme', async () => {
    const onward = Promise.withResolvers<void>();
    const { port, visits } = await newSite((_, response) => {
      response.writeHead(302, { location: 'claude://connected' }).end();
      onward.resolve();
    });
    const { page, complaints } = await newWindow();
    await page.goto((await newRequest(`http://localhost:${port}/callback`)).url);
    await signIn(page);
    await page.getByRole('button', { name: 'Allow' }).click();
    await onward.promise;
    expect(visits.length).toBe(1);
    expect(complaints.filter(isPolicy)).toEqual([]);
  });

  test('to a site, and from there to another', async () => {
    const { port } = await newSite();
    const hop = await newSite((request, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${port}${request.url}` }).end();
    });
    const { page, complaints } = await newWindow();
    await page.goto((await newRequest(`http://localhost:${hop.port}/callback`)).url);
    await signIn(page);
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
    expect(complaints).toEqual([]);
  });
});

describe('another site', () => {
  test('cannot put a page into a frame (K06)', async () => {
    const target = { url: '' };
    const { port } = await newSite((_, response) => {
      response.end(`<iframe src="${target.url.replaceAll('&', '&amp;')}"></iframe>`);
    });
    target.url = (await newRequest(`http://127.0.0.1:${port}/callback`)).url;
    const { page, complaints } = await newWindow();
    await page.goto(`http://127.0.0.1:${port}/`);
    const [, frame] = page.frames();
    expect(await frame?.getByLabel('Email address').count()).toBe(0);
    expect(complaints.join()).toMatch(/frame-ancestors|X-Frame-Options/i);
  });

  test('cannot have a form posted in the name of the person, even where it knows every field (L15)', async () => {
    const evil = { fields: '' };
    const { port } = await newSite((_, response) => {
      response.end(`<form method="post" action="${issuer}/authorize/email">${evil.fields}<button>Win</button></form>`);
    });
    const { context, page } = await newWindow();
    await page.goto((await newRequest(`http://127.0.0.1:${port}/callback`)).url);
    const address = newAddress();
    const hidden = await page.locator('form').first().locator('input[type=hidden]').all();
    const copied = await Promise.all(
      hidden.map(async (input) => [await input.getAttribute('name'), await input.inputValue()]),
    );
    evil.fields = [...copied, ['email', address]]
      .map(([name, value]) => `<input name="${name}" value="${value}">`)
      .join('');
    const { page: trap } = await newTab(context);
    await trap.goto(`http://127.0.0.1:${port}/`);
    const answered = trap.waitForResponse(`${issuer}/authorize/email`);
    await trap.getByRole('button', { name: 'Win' }).click();
    expect((await answered).status()).toBe(403);
    expect(await mailsTo(issuer, address)).toEqual([]);
    await signIn(page);
  });

  test('cannot read a page with a script', async () => {
    const { port } = await newSite();
    const { url } = await newRequest(`http://127.0.0.1:${port}/callback`);
    const { page } = await newWindow();
    await page.goto(`http://127.0.0.1:${port}/`);
    const read = (method: string) =>
      page.evaluate(`fetch(${JSON.stringify(url)}, { method: '${method}' }).then(() => 'read', () => 'refused')`);
    expect(await read('GET')).toBe('refused');
    expect(await read('HEAD')).toBe('refused');
  });
});

describe('the pages', () => {
  const longName = 'A'.repeat(100);
  const longAddress = () => newAddress().replace('@', `@${'long-label'.repeat(6)}.`);

  /** Walks over all pages, and looks at each. */
  async function visitAll(page: Page, look: (name: string) => Promise<void>): Promise<void> {
    const redirectUri = `https://${'long-label.'.repeat(12)}example/cb`;
    await page.goto((await newRequest(redirectUri, { client_name: longName })).url);
    await look('e-mail');
    const address = longAddress();
    await page.getByLabel('Email address').fill(address);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Code').waitFor();
    await look('code');
    await page.getByLabel('Code').fill(await mailedCode(issuer, address));
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Allow' }).waitFor();
    await look('consent');
    await page.goto(issuer);
    await look('setup');
    await page.goto(`${issuer}/authorize?client_id=nobody`);
    await look('error');
  }

  test('have a language, one heading, a title, and a label for every input', async () => {
    const { page } = await newWindow();
    await visitAll(page, async (name) => {
      expect(await page.locator('html').getAttribute('lang'), name).toBe('en');
      expect(await page.getByRole('heading', { level: 1 }).count(), name).toBe(1);
      expect(await page.title(), name).not.toBe('');
      const unlabelled = await page.evaluate(
        `[...document.querySelectorAll('input:not([type=hidden])')].filter((input) => !input.labels.length).length`,
      );
      expect(unlabelled, name).toBe(0);
    });
  });

  test('put the focus where a person types', async () => {
    const { page } = await newWindow();
    const focused = () => page.evaluate('document.activeElement.getAttribute("name")');
    await visitAll(page, async (name) => {
      if (name === 'e-mail') await expect.poll(focused).toBe('email');
      if (name === 'code') await expect.poll(focused).toBe('code');
    });
  });

  test('leave nothing in the console but the status of a page that is an error', async () => {
    const { page, complaints } = await newWindow();
    await visitAll(page, async (name) => {
      const unexpected = complaints.filter((complaint) => !(name === 'error' && complaint.includes('status of 400')));
      expect(unexpected, name).toEqual([]);
    });
  });

  test('help a browser to fill in the address and the code', async () => {
    const { page } = await newWindow();
    await visitAll(page, async (name) => {
      if (name === 'e-mail')
        expect(await page.getByLabel('Email address').getAttribute('autocomplete')).toBe('username webauthn');
      if (name === 'code') expect(await page.getByLabel('Code').getAttribute('autocomplete')).toBe('one-time-code');
    });
  });

  test.for([320, 375, 1280])('fit a screen that is %i pixels wide, whatever a client calls itself', async (width) => {
    const { page } = await newWindow({ viewport: { width, height: 700 } });
    await visitAll(page, async (name) => {
      const beyond = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect(beyond, name).toBe(0);
      const overflowing = await page.evaluate(
        `[...document.querySelectorAll('main p, main dd, main label, main h1, main button')]
          .filter((part) => part.getBoundingClientRect().right > document.querySelector('main').getBoundingClientRect().right
            || part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== 'inline')
          .map((part) => part.textContent)`,
      );
      expect(overflowing, name).toEqual([]);
    });
  });
});
