import { randomInt, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { RequestListener, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asParameters, honestClaims, newClientKey, signClaims } from '../support/assertion.ts';
import { Browser, heading, hiddenFields, offeredScopes, type Page } from '../support/browser.ts';
import { type ClientSite, document, failing } from '../support/client-site.ts';
import {
  approve,
  authorizePath,
  beginSignIn,
  callback,
  connect,
  mailedCode,
  mailsTo,
  newAddress,
  newPkce,
  newSourceIp,
  postMcp,
  reachConsent,
  refresh,
  register,
  requestTokens,
  tomorrowAt,
} from '../support/flow.ts';
import { add as addPasskey, listed, passkeysPath, postAnswer } from '../support/passkey-flow.ts';
import { DAY, HOUR, MINUTE, newRedemption, redeem, redeemed, refusal, tokensIn } from '../support/redemption.ts';
import { revoke } from '../support/revoke.ts';
import { startStackWith } from '../support/settings-stack.ts';
import { optionsIn, SoftwarePasskey } from '../support/software-passkey.ts';
import type { RunningStack } from '../support/stack.ts';
import { startTrustingStack, type TrustingStack } from '../support/trusting-stack.ts';

type Headers = Record<string, string>;

let running: TrustingStack;
let site: ClientSite;
let issuer: string;

beforeAll(async () => {
  const limits = {
    mailsPerAddress: { minute: 2, hour: 3 },
    mailsPerAddressAndNetwork: { minute: 3, hour: 5 },
    mailsPerIp: { minute: 4 },
    wrongCodesPerIp: { minute: 3 },
    registrationsPerIp: { minute: 2, quarterHour: 3, hour: 4, day: 5 },
    metadataFetchesPerIp: { minute: 2 },
    logosPerIp: { minute: 2 },
    authorizationsPerIp: { minute: 15 },
    registrationUpdatesPerIp: { minute: 2 },
    repeatsPerRefreshToken: { minute: 3 },
    metadataWaitsPerIp: { minute: 2 },
    keySetFetchesPerIp: { minute: 2 },
    madeUpTokensPerIp: { minute: 3 },
    callsPerGrant: { minute: 3, hour: 5 },
  };
  running = await startTrustingStack({ limits });
  ({ site, issuer } = running);
});
afterAll(() => running?.stop());

function from(address: string): Headers {
  return { 'x-local-source-ip': address };
}

/** An IPv6 network that no other test uses, without its last four groups. */
function newNetwork(): string {
  const group = () => randomInt(1, 0x1_0000).toString(16);
  return `2001:db8:${group()}:${group()}`;
}

const GROUP = randomInt(1, 0x1_0000).toString(16);

/** An address that hosted clients call from. */
function hostedIp(): string {
  return `160.79.${randomInt(104, 112)}.${randomInt(256)}`;
}

function registration(headers: Headers): Promise<Response> {
  return fetch(`${issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ redirect_uris: [callback], token_endpoint_auth_method: 'none' }),
  });
}

/** A refusal for the time being, and the seconds after which it says to come back. */
function waitOf({ status, headers }: { readonly status: number; readonly headers: globalThis.Headers }): number {
  expect(status).toBe(429);
  expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  return Number(headers.get('retry-after'));
}

/** A request is received a little after it is sent, so a wait may be a little shorter. */
function expectAbout(seconds: number, expected: number): void {
  expect(seconds).toBeLessThanOrEqual(expected);
  expect(seconds).toBeGreaterThan(expected - 20);
}

describe.concurrent('a window', () => {
  test('is full at its limit, says when it ends, and is empty from then on; a refused try counts nowhere', async () => {
    const ip = newSourceIp();
    const at = (seconds: number) => registration({ ...ip, ...tomorrowAt(seconds) });
    const accepted = async (seconds: number) => expect((await at(seconds)).status).toBe(201);
    const refused = async (seconds: number, wait: number) => expectAbout(waitOf(await at(seconds)), wait);
    await accepted(1);
    await accepted(1);
    for (let tries = 0; tries < 3; tries += 1) await refused(1, 59);
    await refused(40, 20);
    await accepted(60);
    for (let tries = 0; tries < 3; tries += 1) await refused(60, 840);
    await refused(880, 20);
    await accepted(900);
    for (let tries = 0; tries < 3; tries += 1) await refused(900, 2_700);
    await refused(3_580, 20);
    await accepted(3_600);
    for (let tries = 0; tries < 3; tries += 1) await refused(3_600, DAY - 3_600);
    await refused(DAY - 20, 20);
    await accepted(DAY);
  });

  test('has room for its limit and not one more, however many come at the same instant', async () => {
    const headers = { ...newSourceIp(), ...tomorrowAt(1) };
    const answers = await Promise.all(Array.from({ length: 12 }, () => registration(headers)));
    expect(answers.filter(({ status }) => status === 201).length).toBe(2);
    for (const answer of answers.filter(({ status }) => status !== 201)) waitOf(answer);
  });

  test('is one for all of an IPv6 /64, and another for the next', async () => {
    const network = newNetwork();
    const at = (address: string) => registration({ ...from(address), ...tomorrowAt(1) });
    expect((await at(`${network}::1`)).status).toBe(201);
    expect((await at(`${network}:ffff:ffff:ffff:ffff`)).status).toBe(201);
    waitOf(await at(`${network}:1:2:3:4`));
    const [, , third = '', fourth = ''] = network.split(':');
    const next = ((Number.parseInt(fourth, 16) + 1) % 0x1_0000).toString(16);
    expect((await at(`2001:db8:${third}:${next}::1`)).status).toBe(201);
  });

  test.for([
    ['/56', 4 * 2, (at: number) => `2001:db8:${GROUP}:${(0x4700 + at).toString(16)}::1`],
    ['/48', 16 * 2, (at: number) => `2001:db9:${GROUP}:${(at * 256).toString(16)}::1`],
  ] as const)(
    'of a whole IPv6 %s has room for %i times, however many narrower networks it has',
    async ([, room, address]) => {
      const statuses: number[] = [];
      for (let at = 0; at <= room; at += 1) {
        const headers = { ...from(address(at)), ...tomorrowAt(1) };
        statuses.push((await registration(headers)).status);
      }
      expect(statuses).toEqual([...Array.from({ length: room }, () => 201), 429]);
    },
  );

  test('is one for each IPv4 address, also as IPv6 has it', async () => {
    const [a, b] = [randomInt(256), randomInt(256)];
    for (const last of [1, 1, 2, 2]) {
      const response = await registration({ ...from(`11.${a}.${b}.${last}`), ...tomorrowAt(1) });
      expect(response.status).toBe(201);
    }
    waitOf(await registration({ ...from(`11.${a}.${b}.1`), ...tomorrowAt(1) }));
    waitOf(await registration({ ...from(`::ffff:11.${a}.${b}.2`), ...tomorrowAt(1) }));
  });

  test('is not counted by what a caller claims of itself', async () => {
    const claim = () => ({ ...from('12.1.1.1'), ...tomorrowAt(1), 'x-forwarded-for': `1.2.3.${randomInt(256)}` });
    for (let times = 0; times < 2; times += 1) await registration(claim());
    waitOf(await registration({ ...claim(), forwarded: 'for=9.9.9.9', 'x-real-ip': '9.9.9.9' }));
  });
});

describe.concurrent('hosted clients, which call for many people from a few addresses (G31)', () => {
  test('may do twenty times as much, and not more', async () => {
    const headers = { ...from(hostedIp()), ...tomorrowAt(1) };
    const answers = await Promise.all(Array.from({ length: 42 }, () => registration(headers)));
    expect(answers.filter(({ status }) => status === 201).length).toBe(40);
    waitOf(await registration(headers));
  });

  test.for([
    ['160.79.103.255', 429],
    ['160.79.104.0', 201],
    ['160.79.111.255', 201],
    ['160.79.112.0', 429],
    ['2001:db8::a04f:6800', 429],
  ] as const)('are known by where they call from: %s', async ([address, status]) => {
    const headers = { ...from(address), ...tomorrowAt(1) };
    for (let times = 0; times < 2; times += 1) expect((await registration(headers)).status).toBe(201);
    expect((await registration(headers)).status).toBe(status);
  });
});

type Begun = { readonly browser: Browser; readonly fields: Headers };

/** A sign-in that began shortly after midnight, in a browser somewhere. */
async function begin(ip: Headers = newSourceIp(), seconds = 1): Promise<Begun> {
  const browser = new Browser(issuer, { ...ip, ...tomorrowAt(seconds) });
  return { browser, fields: (await beginSignIn(issuer, { browser })).fields };
}

function askForMail({ browser, fields }: Begun, email: string, headers: Headers = {}): Promise<Page> {
  return browser.post('/authorize/email', { ...fields, email }, headers);
}

/** Asks for another code, on the page that so many mails have led to. */
function askForAnother({ browser, fields }: Begun, email: string, mails: number): Promise<Page> {
  return browser.post('/authorize/email', { ...fields, email, mails: String(mails) });
}

function typeCode({ browser, fields }: Begun, code: string, headers: Headers = {}): Promise<Page> {
  return browser.post('/authorize/code', { ...fields, code }, headers);
}

/** The page that says to come back, and the seconds until then. */
function waitOnPage(page: Page): number {
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.has('location')).toBe(false);
  expect(page.html).toMatch(/Too many attempts|You can request another code in/);
  return waitOf(page);
}

/** A person who has signed in, in a browser of theirs, and another browser that nobody has seen yet. */
async function signedInBefore(): Promise<{ readonly address: string; readonly known: Browser; readonly begun: Begun }> {
  const address = newAddress();
  const known = new Browser(issuer, { ...newSourceIp(), ...tomorrowAt(-600) });
  const first = await beginSignIn(issuer, { browser: known });
  await reachConsent(issuer, known, first.page, address);
  return { address, known, begun: await begin() };
}

/** The page that follows the code. */
async function reached(begun: Begun, address: string): Promise<Page> {
  await askForMail(begun, address);
  return typeCode(begun, await mailedCode(issuer, address));
}

/** How many codes were mailed to an address. */
const mailsAt = async (address: string) =>
  (await mailsTo(issuer, address)).filter(({ subject }) => /^\w{4}-\w{4} /.test(subject)).length;

describe.concurrent('mails to an address', () => {
  test('that is new here are two a minute and three an hour; beyond that the page is the same, and nothing is sent (L12)', async () => {
    const address = newAddress();
    const askFromElsewhere = async (seconds = 1) => {
      const { status, html } = await askForMail(await begin(newSourceIp(), seconds), address);
      return { status, words: html.replaceAll(/value="[^"]*"/g, '') };
    };
    const mailed = [await askFromElsewhere(), await askFromElsewhere()];
    const unsent = [await askFromElsewhere(), await askFromElsewhere()];
    expect(mailed.map(({ status }) => status)).toEqual([200, 200]);
    expect(unsent).toEqual(mailed);
    expect(await mailsAt(address)).toBe(2);
    for (let times = 0; times < 2; times += 1) await askFromElsewhere(60);
    expect(await mailsAt(address)).toBe(3);
    await askFromElsewhere(HOUR);
    expect(await mailsAt(address)).toBe(4);
  });

  test('are three a minute from one network, and then it says when to come back', async () => {
    const address = newAddress();
    const ip = newSourceIp();
    for (let times = 0; times < 3; times += 1) expect((await askForMail(await begin(ip), address)).status).toBe(200);
    expectAbout(waitOnPage(await askForMail(await begin(ip), address)), 59);
    expect((await askForMail(await begin(), address)).status).toBe(200);
  });

  test('are counted for the address, however it is written', async () => {
    const address = newAddress();
    const ip = newSourceIp();
    for (const typed of [address.toUpperCase(), ` ${address} `, `<${address}>`])
      expect((await askForMail(await begin(ip), typed)).status).toBe(200);
    waitOnPage(await askForMail(await begin(ip), address));
  });

  test('reach its owner in a new browser on another network, whatever others have asked for (L12)', async () => {
    const { address, begun } = await signedInBefore();
    const others = [newSourceIp(), newSourceIp(), newSourceIp()];
    for (const ip of others) for (let times = 0; times < 4; times += 1) await askForMail(await begin(ip), address);
    for (const ip of others) waitOnPage(await askForMail(await begin(ip), address));
    expect(offeredScopes(await reached(begun, address)).length).toBeGreaterThan(0);
  });

  test('reach their owner in the browser in which they have signed in, also on a network where others have used up all (L12)', async () => {
    const ip = newSourceIp();
    const { address, known } = await signedInBefore();
    for (let times = 0; times < 4; times += 1) await askForMail(await begin(ip), address);
    for (let times = 0; times < 4; times += 1) await askForMail(await begin(ip), newAddress());
    waitOnPage(await askForMail(await begin(ip), address));
    const own = new Browser(issuer, { ...ip, ...tomorrowAt(1) });
    for (const [name, value] of known.cookies) own.cookies.set(name, value);
    const again = await beginSignIn(issuer, { browser: own, request: { prompt: 'login' } });
    expect(offeredScopes(await reached(again, address)).length).toBeGreaterThan(0);
  });

  test('have a limit in the owner’s browser too', async () => {
    const address = newAddress();
    const browser = new Browser(issuer, { ...newSourceIp(), ...tomorrowAt(1) });
    const first = await beginSignIn(issuer, { browser });
    await reachConsent(issuer, browser, first.page, address);
    const again = await beginSignIn(issuer, { browser, request: { prompt: 'login' } });
    for (let mails = 0; mails < 2; mails += 1) expect((await askForAnother(again, address, mails)).status).toBe(200);
    waitOnPage(await askForAnother(again, address, 2));
  });

  test('are not more for whoever is signed in as somebody else', async () => {
    const browser = new Browser(issuer, { ...newSourceIp(), ...tomorrowAt(1) });
    const first = await beginSignIn(issuer, { browser });
    await reachConsent(issuer, browser, first.page, newAddress());
    const victim = newAddress();
    const ask = async () => askForMail(await beginSignIn(issuer, { browser, request: { prompt: 'login' } }), victim);
    for (let times = 0; times < 3; times += 1) expect((await ask()).status).toBe(200);
    waitOnPage(await ask());
  });

  test('that others have used up do not stop a code that was mailed before (L12)', async () => {
    const address = newAddress();
    const ip = newSourceIp();
    const own = await begin(ip);
    await askForMail(own, address);
    const code = await mailedCode(issuer, address);
    for (let times = 0; times < 2; times += 1) await askForMail(await begin(ip), address);
    waitOnPage(await askForMail(await begin(ip), address));
    await askForMail(await begin(), address);
    expect(offeredScopes(await typeCode(own, code)).length).toBeGreaterThan(0);
  });
});

describe.concurrent('mails from a network', () => {
  test('are four a minute, to whomever, and the refused ones count for no address', async () => {
    const ip = newSourceIp();
    const begun = await begin(ip);
    for (let times = 0; times < 4; times += 1) expect((await askForMail(begun, newAddress())).status).toBe(200);
    const victim = newAddress();
    for (let times = 0; times < 5; times += 1) expectAbout(waitOnPage(await askForMail(begun, victim)), 59);
    expect(await mailsAt(victim)).toBe(0);
    for (let times = 0; times < 3; times += 1) expect((await askForMail(await begin(), victim)).status).toBe(200);
    expect(await mailsAt(victim)).toBe(2);
    expect((await askForMail(await begin(ip, MINUTE), newAddress())).status).toBe(200);
  });

  test('are counted for all of an IPv6 /64 (C15)', async () => {
    const network = newNetwork();
    for (let at = 1; at <= 4; at += 1)
      expect((await askForMail(await begin(from(`${network}::${at}`)), newAddress())).status).toBe(200);
    waitOnPage(await askForMail(await begin(from(`${network}:ffff::1`)), newAddress()));
  });

  test('count no address that mail cannot go to', async () => {
    const begun = await begin();
    for (let times = 0; times < 6; times += 1) expect((await askForMail(begun, 'nonsense')).status).toBe(400);
    expect((await askForMail(begun, newAddress())).status).toBe(200);
  });
});

describe.concurrent('wrong codes from a network', () => {
  /** A sign-in whose code was mailed. */
  async function awaitCode(ip: Headers): Promise<Begun & { readonly code: string }> {
    const begun = await begin(ip);
    const address = newAddress();
    await askForMail(begun, address, newSourceIp());
    return { ...begun, code: await mailedCode(issuer, address) };
  }

  /** The form again, with the seconds until the network has a wrong code left. */
  function waitWithForm(page: Page): number {
    expect(heading(page)).toBe('Check your email');
    return waitOf(page);
  }

  test('are three a minute, over all sign-ins; beyond that a wrong one is told to wait, and the right one passes', async () => {
    const ip = newSourceIp();
    const own = await awaitCode(ip);
    for (let victims = 0; victims < 3; victims += 1)
      expect((await typeCode(await awaitCode(ip), 'AAAA-AAAA')).status).toBe(400);
    expectAbout(waitWithForm(await typeCode(own, 'AAAA-AAAA')), 59);
    expect((await typeCode(own, own.code)).html).toContain('name="decision"');
  });

  test('are no more than five for one code, also where the network has none left', async () => {
    const ip = newSourceIp();
    const own = await awaitCode(ip);
    const guesses = ['AAAA-AAAA', 'BBBB-BBBB', 'CCCC-CCCC', 'DDDD-DDDD', 'EEEE-EEEE'];
    const statuses: number[] = [];
    for (const guess of guesses) statuses.push((await typeCode(own, guess)).status);
    expect(statuses).toEqual([400, 400, 400, 429, 400]);
    const page = await typeCode(own, own.code);
    expect([page.status, offeredScopes(page)]).toEqual([400, []]);
  });

  test('are counted for all of an IPv6 /64', async () => {
    const network = newNetwork();
    for (let at = 1; at <= 3; at += 1) await typeCode(await awaitCode(from(`${network}::${at}`)), 'AAAA-AAAA');
    waitWithForm(await typeCode(await awaitCode(from(`${network}:1::`)), 'AAAA-AAAA'));
  });

  test('are not the right ones: those count for nothing', async () => {
    const ip = newSourceIp();
    for (let people = 0; people < 5; people += 1) {
      const own = await awaitCode(ip);
      expect(offeredScopes(await typeCode(own, own.code)).length).toBeGreaterThan(0);
    }
  });
});

describe.concurrent('descriptions of clients that a network has read', () => {
  const least = { redirect_uris: [callback] };
  const open = (id: string, headers: Headers) =>
    new Browser(issuer, headers).open(authorizePath(id, newPkce().challenge));

  test('logos of clients are shown so often', async () => {
    const logo_uri = site.serve('/logo.png', failing(404));
    const browser = new Browser(issuer, { ...newSourceIp(), ...tomorrowAt(1) });
    const id = site.publish({ ...least, logo_uri });
    const { page } = await reachConsent(issuer, browser, await browser.open(authorizePath(id, newPkce().challenge)));
    const path = /<img src="(\/authorize\/logo[^"]*)"/.exec(page.html)?.[1] ?? '';
    for (let shown = 0; shown < 2; shown += 1) expect((await browser.open(path)).status).toBe(200);
    waitOf(await browser.open(path));
    expect(site.visits(logo_uri)).toBe(1);
  });

  test('are two a minute; what is known already counts for nothing (C15)', async () => {
    const headers = { ...newSourceIp(), ...tomorrowAt(1) };
    const [one, other, third] = [site.publish(least), site.publish(least), site.publish(least)];
    for (const id of [one, one, one, other, other, one]) expect((await open(id, headers)).status).toBe(200);
    expectAbout(waitOnPage(await open(third, headers)), 59);
    expect(site.visits(third)).toBe(0);
    expect((await open(third, { ...headers, ...tomorrowAt(MINUTE) })).status).toBe(200);
  });

  test('count where they could not be read, too: a network has no more tries than that', async () => {
    const headers = { ...newSourceIp(), ...tomorrowAt(1) };
    const missing = () => `http://${site.host}/${randomUUID()}`;
    for (let times = 0; times < 2; times += 1) expect((await open(missing(), headers)).status).toBe(502);
    waitOnPage(await open(missing(), headers));
  });

  test('are counted for all of an IPv6 /64, and may be twenty times as many for hosted clients', async () => {
    const network = newNetwork();
    const at = (address: string) => open(site.publish(least), { ...from(address), ...tomorrowAt(1) });
    for (const address of [`${network}::1`, `${network}::2`]) expect((await at(address)).status).toBe(200);
    waitOnPage(await at(`${network}::3`));
    const hosted = hostedIp();
    const pages = await Promise.all(Array.from({ length: 41 }, () => at(hosted)));
    expect(pages.filter(({ status }) => status === 200).length).toBe(40);
  });
});

describe.concurrent('requests that cost much have limits of their own by network', () => {
  test('authorization requests: fifteen a minute, and then a page, which is kept nowhere', async () => {
    const { client_id } = await register(issuer);
    const open = (headers: Headers) =>
      new Browser(issuer, { ...headers, ...tomorrowAt(1) }).open(authorizePath(client_id, newPkce().challenge));
    const ip = newSourceIp();
    const pages = await Promise.all(Array.from({ length: 16 }, () => open(ip)));
    expect(pages.filter(({ status }) => status === 200).length).toBe(15);
    const refused = await open(ip);
    waitOnPage(refused);
    expect(refused.headers.getSetCookie()).toEqual([]);
    expect((await open(newSourceIp())).status).toBe(200);
  });

  test('changes of a registration: two a minute, and reading it goes on', async () => {
    const metadata = { redirect_uris: [callback], token_endpoint_auth_method: 'none' };
    const own = (await register(issuer, metadata)) as unknown as Record<string, string>;
    const { registration_client_uri: uri = '', client_id } = own;
    const headers = { authorization: `Bearer ${own.registration_access_token}`, ...newSourceIp(), ...tomorrowAt(1) };
    const change = (name: string) =>
      fetch(uri, {
        method: 'PUT',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ ...metadata, client_id, client_name: name }),
      });
    for (const name of ['One', 'Two']) expect((await change(name)).status).toBe(200);
    waitOf(await change('Three'));
    expect(await (await fetch(uri, { headers })).json()).toMatchObject({ client_name: 'Two' });
  });

  test('repeats of a spent refresh token: three a minute from a network, and the newest one passes', async () => {
    const { clientId, tokens } = await connect(issuer);
    const ip = newSourceIp();
    const clock = tomorrowAt(1);
    const send = (refresh_token: string, from = ip) =>
      requestTokens(issuer, { grant_type: 'refresh_token', client_id: clientId, refresh_token }, { ...from, ...clock });
    const first = await tokensIn(await send(tokens.refresh_token));
    for (let times = 0; times < 3; times += 1) {
      const { refresh_token } = await tokensIn(await send(tokens.refresh_token));
      expect(refresh_token).toBe(first.refresh_token);
    }
    waitOf(await send(tokens.refresh_token));
    expect((await tokensIn(await send(tokens.refresh_token, newSourceIp()))).refresh_token).toBe(first.refresh_token);
    expect((await send(first.refresh_token)).status).toBe(200);
  });
});

describe.concurrent('requests that wait while another one reads the description of their client', () => {
  test('wait for a moment and are two a minute from a network; then a page says at once when to come back', async () => {
    const opened: ServerResponse[] = [];
    const asked = Promise.withResolvers<void>();
    const id = site.serve(`/${randomUUID()}`, (_request, response) => {
      opened.push(response);
      asked.resolve();
    });
    const open = (headers: Headers) =>
      new Browser(issuer, { ...headers, ...tomorrowAt(1) }).open(authorizePath(id, newPkce().challenge));
    const reading = open(newSourceIp());
    await asked.promise;
    const ip = newSourceIp();
    const pages = await Promise.all([open(ip), open(ip), open(ip)]);
    for (const page of pages) expect([page.status, heading(page)]).toEqual([503, 'One moment']);
    const waits = pages.map(({ headers }) => Number(headers.get('retry-after'))).sort((one, other) => one - other);
    expect(waits.slice(0, 2)).toEqual([2, 2]);
    expect(waits[2]).toBeGreaterThan(2);
    for (const response of opened) response.destroy();
    expect((await reading).status).toBe(502);
  });
});

describe.concurrent('key sets that a network has had read', () => {
  test('are two a minute; beyond that known keys serve on, and without any it says when to come back', async () => {
    const key = await newClientKey();
    const publish = (listener: RequestListener) => site.serve(`/${randomUUID()}/jwks.json`, listener);
    const signer = async (jwks_uri: string) =>
      (await register(issuer, { token_endpoint_auth_method: 'private_key_jwt', jwks_uri })).client_id;
    const known = await signer(publish(document({ keys: [key.jwk] })));
    const unknown = await signer(publish(failing(404)));
    const ip = newSourceIp();
    const ask = async (id: string, headers: Headers, header = {}) => {
      const at = tomorrowAt(1);
      const claims = honestClaims(id, issuer, Number(at['x-local-clock-offset']));
      const body = new URLSearchParams({ token: 'x', ...asParameters(await signClaims(key, claims, header)) });
      return fetch(`${issuer}/introspect`, { method: 'POST', headers: { ...headers, ...at }, body });
    };
    expect((await ask(known, newSourceIp())).status).toBe(200);
    for (let times = 0; times < 2; times += 1) expect((await ask(unknown, ip)).status).toBe(401);
    waitOf(await ask(unknown, ip));
    expect((await ask(known, ip)).status).toBe(200);
    expect((await ask(known, ip, { kid: 'another' })).status).toBe(401);
    expect((await ask(unknown, newSourceIp())).status).toBe(401);
  });
});

describe.concurrent('tokens and codes that we never issued', () => {
  const shaped = () => `${randomUUID()}~${randomUUID()}.1.${'x'.repeat(43)}.${'x'.repeat(43)}`;

  /** What the token endpoint says of a refresh token, or of a code. */
  async function guess(ip: Headers, clientId: string, token: string, seconds = 1): Promise<Response> {
    const parameters = { grant_type: 'refresh_token', client_id: clientId, refresh_token: token };
    return requestTokens(issuer, parameters, { ...ip, ...tomorrowAt(seconds) });
  }

  /** Uses up what a network may guess. */
  async function exhaust(ip: Headers, clientId: string): Promise<void> {
    for (const token of ['x', shaped(), shaped()])
      expect(await refusal(await guess(ip, clientId, token))).toBe('400 invalid_grant');
    await expectFull(await guess(ip, clientId, shaped()));
  }

  async function expectFull(response: Response): Promise<void> {
    expectAbout(waitOf(response), 59);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('access-control-expose-headers')).toContain('Retry-After');
    expect(await response.json()).toEqual({
      error: 'temporarily_unavailable',
      error_description: expect.any(String),
    });
  }

  test('are three a minute from a network, of whichever kind, and then 429 in the form of the endpoint', async () => {
    const ip = newSourceIp();
    const { client_id: id } = await register(issuer);
    const code = (value: string) =>
      requestTokens(
        issuer,
        { grant_type: 'authorization_code', client_id: id, code: value, code_verifier: 'x'.repeat(43) },
        { ...ip, ...tomorrowAt(1) },
      );
    expect(await refusal(await guess(ip, id, 'x'))).toBe('400 invalid_grant');
    for (const value of ['x', randomUUID()]) expect(await refusal(await code(value))).toBe('400 invalid_grant');
    await expectFull(await code('y'));
    await expectFull(await guess(ip, id, shaped()));
    expect(await refusal(await guess(newSourceIp(), id, shaped()))).toBe('400 invalid_grant');
    expect(await refusal(await guess(ip, id, shaped(), MINUTE))).toBe('400 invalid_grant');
  });

  test('are such as name a grant that is there, but carry no tag of ours', async () => {
    const { clientId, tokens } = await connect(issuer);
    const ip = newSourceIp();
    const [grant, generation, secret, tag] = tokens.refresh_token.split('.');
    const other = 'x'.repeat(43);
    const guesses = [
      `${grant}.${generation}.${secret}.${other}`,
      `${grant}.${generation}.${other}.${tag}`,
      `${grant}.${Number(generation) + 1}.${secret}.${tag}`,
    ];
    for (const token of guesses) expect(await refusal(await guess(ip, clientId, token))).toBe('400 invalid_grant');
    await expectFull(await guess(ip, clientId, guesses[0] ?? ''));
    expect((await refresh(issuer, clientId, tokens.refresh_token)).status).toBe(200);
  });

  test('from a network that has used them up do not stop what is genuine there: refreshing, redeeming', async () => {
    const redemption = await newRedemption(issuer);
    const { client_id: id } = redemption.client;
    const ip = newSourceIp();
    await exhaust(ip, id);
    const tokens = await tokensIn(await redeem(issuer, redemption, {}, ip));
    const renewed = await tokensIn(await guess(ip, id, tokens.refresh_token));
    await expectFull(await guess(ip, id, shaped()));
    expect((await tokensIn(await guess(ip, id, renewed.refresh_token))).refresh_token).not.toBe('');
  });

  test('are not those that are spent, over, or another client’s: those are refused for good, and counted nowhere', async () => {
    const { clientId, tokens } = await connect(issuer);
    const ip = newSourceIp();
    await exhaust(ip, clientId);
    const renewed = await tokensIn(await guess(ip, clientId, tokens.refresh_token));
    const { client_id: other } = await register(issuer);
    expect(await refusal(await guess(ip, other, renewed.refresh_token))).toBe('400 invalid_grant');
    await tokensIn(await guess(ip, clientId, renewed.refresh_token));
    for (let times = 0; times < 4; times += 1)
      expect(await refusal(await guess(ip, clientId, tokens.refresh_token))).toBe('400 invalid_grant');
    await revoke(issuer, clientId, renewed.refresh_token);
    for (const token of [renewed.refresh_token, tokens.refresh_token])
      expect(await refusal(await guess(ip, clientId, token))).toBe('400 invalid_grant');
  });

  test('from a client that is gone are 401 all the same, which tells it to register again (T22)', async () => {
    const ip = newSourceIp();
    await exhaust(ip, (await register(issuer)).client_id);
    expect(await refusal(await guess(ip, randomUUID(), shaped()))).toBe('401 invalid_client');
  });

  test('are counted for all of an IPv6 /64, and may be twenty times as many from hosted clients', async () => {
    const { client_id: id } = await register(issuer);
    const network = newNetwork();
    for (let at = 1; at <= 3; at += 1)
      expect(await refusal(await guess(from(`${network}::${at}`), id, shaped()))).toBe('400 invalid_grant');
    await expectFull(await guess(from(`${network}:f::`), id, shaped()));
    const hosted = from(hostedIp());
    const answers = await Promise.all(Array.from({ length: 62 }, () => guess(hosted, id, shaped())));
    expect(answers.filter(({ status }) => status === 400).length).toBe(60);
  });
});

describe.concurrent('calls under a grant (M28)', () => {
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

  /** Such as live until tomorrow's midnight: the access token was issued then, too. */
  async function connectTomorrow(): Promise<{ readonly clientId: string; readonly token: string }> {
    const { clientId, tokens } = await connect(issuer);
    const parameters = { grant_type: 'refresh_token', client_id: clientId, refresh_token: tokens.refresh_token };
    const renewed = await tokensIn(await requestTokens(issuer, parameters, tomorrowAt(0)));
    return { clientId, token: renewed.access_token };
  }

  const call = (token: string, seconds: number) =>
    postMcp(issuer, token, message, { ...newSourceIp(), ...tomorrowAt(seconds) });

  test('are three a minute and five an hour from wherever; the next is 429 in JSON-RPC, and counts nowhere', async () => {
    const { token } = await connectTomorrow();
    for (let times = 0; times < 3; times += 1) expect((await call(token, 1)).status).toBe(200);
    for (let times = 0; times < 3; times += 1) {
      const response = await call(token, 1);
      expectAbout(waitOf(response), 59);
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(await response.json()).toMatchObject({
        jsonrpc: '2.0',
        id: null,
        error: { code: expect.any(Number), message: expect.any(String) },
      });
    }
    for (let times = 0; times < 2; times += 1) expect((await call(token, MINUTE)).status).toBe(200);
    expectAbout(waitOf(await call(token, MINUTE)), HOUR - MINUTE);
    expectAbout(waitOf(await call(token, HOUR - 20)), 20);
  });

  test('are counted for the grant, and not for its person, client or network', async () => {
    const address = newAddress();
    const ip = newSourceIp();
    const [one, other] = [await connect(issuer, { address }), await connect(issuer, { address })];
    const here = ({ tokens }: typeof one) => postMcp(issuer, tokens.access_token, message, ip);
    const first = await Promise.all(Array.from({ length: 7 }, () => here(one)));
    expect(first.some(({ status }) => status === 429)).toBe(true);
    expect((await here(other)).status).toBe(200);
  });

  test('go on with a new access token of the same grant where they were', async () => {
    const { clientId, tokens } = await connect(issuer);
    const renew = async (token: string, seconds: number) => {
      const parameters = { grant_type: 'refresh_token', client_id: clientId, refresh_token: token };
      return tokensIn(await requestTokens(issuer, parameters, tomorrowAt(seconds)));
    };
    const first = await renew(tokens.refresh_token, 0);
    for (let times = 0; times < 3; times += 1) expect((await call(first.access_token, 1)).status).toBe(200);
    const second = await renew(first.refresh_token, 2);
    waitOf(await call(second.access_token, 3));
  });

  test('with a token that is not valid, or whose grant has ended, are 401 and never 429', async () => {
    const { clientId, token } = await connectTomorrow();
    for (let times = 0; times < 3; times += 1) await call(token, 1);
    waitOf(await call(token, 1));
    expect((await call(`${token}x`, 1)).status).toBe(401);
    expect((await call(token, HOUR + 60)).status).toBe(401);
    await revoke(issuer, clientId, token);
    expect((await call(token, 1)).status).toBe(401);
  });
});

test('a mail, too, may go out twenty times as often for a hosted client', async () => {
  const begun = await begin(from(hostedIp()));
  const pages = await Promise.all(Array.from({ length: 81 }, () => askForMail(begun, newAddress())));
  expect(pages.filter(({ status }) => status === 200).length).toBe(80);
});

describe('who may sign in, by the settings (L19)', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'vestibule-allowed-'));
  const desk = { id: 'desk', name: 'Desk', authMethod: 'none' as const, redirectUris: [callback] };
  const common = { clients: [desk], registration: { dynamic: false } };
  let closed: RunningStack;

  beforeAll(async () => {
    const signIn = {
      allowedDomains: ['Example.com', 'Bücher.example'],
      allowedAddresses: ['Guest@Elsewhere.example'],
    };
    closed = await startStackWith({ ...common, signIn }, { dataDir });
  });
  afterAll(async () => {
    await closed.stop();
    rmSync(dataDir, { recursive: true });
  });

  async function beginThere(browser = new Browser(closed.issuer, newSourceIp())): Promise<Begun & { page: Page }> {
    const page = await browser.open(authorizePath('desk', newPkce().challenge));
    return { browser, page, fields: hiddenFields(page) };
  }

  /** A page without what is different each time. */
  function neutral({ html }: Page, { fields }: Begun, address: string): string {
    return html
      .replaceAll(address, '@')
      .replaceAll(fields.transaction ?? '', 't')
      .replaceAll(fields.form_token ?? '', 'f');
  }

  const same = ['date', 'content-length', 'apigw-requestid'];
  const headersOf = ({ headers }: Page) => [...headers].filter(([name]) => !same.includes(name));

  const refused = [
    () => `x-${randomUUID()}@elsewhere.example`,
    () => `x-${randomUUID()}@sub.example.com`,
    () => `x-${randomUUID()}@example.com.evil.example`,
    () => `x-${randomUUID()}@notexample.com`,
    () => `guest+${randomInt(1_000)}@elsewhere.example`,
  ].map((make) => [make()]);
  test.for(refused)('%s may not, is told the same as one who may, and gets no mail (L01)', async ([address = '']) => {
    const [one, other] = [await beginThere(), await beginThere()];
    const allowed = newAddress();
    const [yes, no] = [await askForMail(one, allowed), await askForMail(other, address)];
    expect(no.status).toBe(yes.status);
    expect(headersOf(no)).toEqual(headersOf(yes));
    expect(neutral(no, other, address)).toBe(neutral(yes, one, allowed));
    expect((await mailsTo(closed.issuer, allowed)).length).toBe(1);
    expect(await mailsTo(closed.issuer, address)).toEqual([]);
    for (let times = 0; times < 6; times += 1) {
      const [wrong, guessed] = [await typeCode(one, 'AAAA-AAAA'), await typeCode(other, 'AAAA-AAAA')];
      expect(guessed.status).toBe(wrong.status);
      expect(neutral(guessed, other, address)).toBe(neutral(wrong, one, allowed));
    }
  });

  test.for([
    'guest@elsewhere.example',
    'GUEST@Elsewhere.Example',
    'ada@EXAMPLE.com',
    'ada@bücher.example',
    'ada@xn--bcher-kva.example',
  ])('%s may', async (address) => {
    const begun = await beginThere();
    expect((await askForMail(begun, address)).status).toBe(200);
    const code = await mailedCode(closed.issuer, address.toLowerCase().replace('bücher', 'xn--bcher-kva'));
    expect(offeredScopes(await typeCode(begun, code)).length).toBeGreaterThan(0);
  });

  test('a refused address is limited like any other', async () => {
    const address = `x-${randomUUID()}@elsewhere.example`;
    const begun = await beginThere(new Browser(closed.issuer, { ...newSourceIp(), ...tomorrowAt(1) }));
    for (let mails = 0; mails < 3; mails += 1) expect((await askForAnother(begun, address, mails)).status).toBe(200);
    expectAbout(waitOnPage(await askForAnother(begun, address, 3)), 59);
    expect(await mailsTo(closed.issuer, address)).toEqual([]);
  });

  test('where clients cannot register, the metadata names no such endpoint, and it refuses', async () => {
    const response = await fetch(`${closed.issuer}/.well-known/oauth-authorization-server`);
    expect(await response.json()).not.toHaveProperty('registration_endpoint');
    const body = JSON.stringify({ redirect_uris: [callback] });
    const headers = { 'content-type': 'application/json' };
    const refusedOne = await fetch(`${closed.issuer}/register`, { method: 'POST', headers, body });
    expect(await refusal(refusedOne)).toBe('403 access_denied');
  });

  test('the operator’s own client walks all the way', async () => {
    const { verifier, challenge } = newPkce();
    const browser = new Browser(closed.issuer, newSourceIp());
    const first = await browser.open(authorizePath('desk', challenge));
    const consent = await reachConsent(closed.issuer, browser, first);
    expect(consent.page.html).toContain('Desk');
    const code = (await approve(browser, consent)).searchParams.get('code') ?? '';
    const tokens = await redeemed(closed.issuer, { client: { client_id: 'desk' }, code, verifier });
    expect((await refresh(closed.issuer, 'desk', tokens.refresh_token)).status).toBe(200);
  });

  test('a session and a passkey are of no use any more once the settings leave their address out', async () => {
    const { browser, page } = await beginThere();
    await reachConsent(closed.issuer, browser, page);
    expect(offeredScopes((await beginThere(browser)).page).length).toBeGreaterThan(0);
    const passkey = new SoftwarePasskey(closed.issuer);
    expect(listed(await addPasskey(browser, await browser.open(passkeysPath), passkey)).length).toBe(1);
    await closed.stop();
    const narrower = { ...common, signIn: { allowedDomains: ['elsewhere.example'] } };
    closed = await startStackWith(narrower, { dataDir });
    const there = new Browser(closed.issuer, newSourceIp());
    for (const [name, value] of browser.cookies) there.cookies.set(name, value);
    const window = await beginThere(there);
    expect(heading(window.page)).toMatch(/^Sign in/);
    expect((await there.open(passkeysPath)).status).toBe(303);
    const answer = passkey.answer(optionsIn(window.page), { origin: closed.issuer });
    const refused = await postAnswer(there, window.fields, answer);
    expect([refused.status, offeredScopes(refused)]).toEqual([400, []]);
  });
});
