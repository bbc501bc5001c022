import { randomBytes, sign } from 'node:crypto';
import { describe, expect, inject, test } from 'vitest';
import { additionChallenge } from '../../core/oauth/passkey.ts';
import { press } from '../support/account-page.ts';
import { comeBack, operate } from '../support/admin-lambda.ts';
import { Browser, heading, hiddenFields, location, type Page } from '../support/browser.ts';
import { attestationCertificate } from '../support/certificate.ts';
import {
  approve,
  authorizePath,
  beginSignIn,
  mailedCode,
  mailsTo,
  newAddress,
  newPkce,
  newSourceIp,
  reachConsent,
  register,
  tomorrowAt,
} from '../support/flow.ts';
import {
  add,
  listed,
  newHolder,
  newWindow,
  passkeysPath,
  postAnswer,
  sessionToken,
  signedInByCode,
  signInWith,
} from '../support/passkey-flow.ts';
import { type Lies, optionsIn, SoftwarePasskey } from '../support/software-passkey.ts';

const issuer = inject('issuer');

const openPage = (browser: Browser) => browser.open(passkeysPath);
const isConsent = ({ html }: Page) => html.includes('value="approve"');
const SIGN_IN = '/account/sign-in?to=/account/passkeys';
const REFUSED = 'That passkey didn’t work.';
const REMOVED = 'We don’t know that passkey.';
/** An RSA key whose modulus has so many bytes, in the form of COSE. RFC 8230 §4. */
const rsaKey = (bytes: number) =>
  new Map<number, unknown>([
    [1, 3],
    [3, -257],
    [-1, randomBytes(bytes)],
    [-2, Buffer.of(1, 0, 1)],
  ]);

/** That of the newest mail. An answer does not wait long for its notice to be sent. */
const newestSubject = async (address: string) => (await mailsTo(issuer, address))[0]?.subject ?? '';

describe('a passkey', () => {
  test('signs its person in to a new client in a new browser, and is still asked for consent', async () => {
    const { passkey, address } = await newHolder(issuer);
    const { browser, page, fields } = await newWindow(issuer);
    const consent = await postAnswer(browser, fields, passkey.answer(optionsIn(page)));
    expect(consent.html).toContain(address);
    expect((await approve(browser, { page: consent, fields })).searchParams.get('code')).toMatch(/^.{22}$/);
  });

  test('gives a session, so that the next client is asked for in the same browser without it', async () => {
    const { passkey } = await newHolder(issuer);
    const { browser, page, fields } = await newWindow(issuer);
    await postAnswer(browser, fields, passkey.answer(optionsIn(page)));
    const { client_id } = await register(issuer);
    expect(isConsent(await browser.open(authorizePath(client_id, newPkce().challenge)))).toBe(true);
  });

  test('signs in anew in the same browser where the client asks for that, in the place of the session before', async () => {
    const { passkey } = await newHolder(issuer);
    const { browser, page, fields } = await newWindow(issuer);
    await postAnswer(browser, fields, passkey.answer(optionsIn(page)));
    const before = browser.cookies.get('session');
    const { client_id } = await register(issuer);
    const again = await browser.open(`${authorizePath(client_id, newPkce().challenge)}&prompt=login`);
    expect(isConsent(await postAnswer(browser, hiddenFields(again), passkey.answer(optionsIn(again))))).toBe(true);
    expect(browser.cookies.get('session')).not.toBe(before);
  });

  test('signs in once for each form, however often that is sent', async () => {
    const { passkey } = await newHolder(issuer);
    const { browser, page, fields } = await newWindow(issuer);
    const form = { ...fields, passkey: passkey.answer(optionsIn(page)) };
    const answers = await Promise.all([1, 2, 3].map(() => browser.post('/authorize/passkey', form)));
    expect(answers.map(({ headers }) => headers.get('location'))).toEqual(Array(3).fill('/authorize/consent'));
    // An answer may be lost on its way: each has what the next page asks for.
    const cookies = answers.map(({ headers }) =>
      headers.getSetCookie().filter((line) => /^(session=|signed-in-)/.test(line)),
    );
    expect(cookies).toEqual(Array(3).fill([expect.stringMatching(/^session=./), expect.stringMatching(/^signed-in-/)]));
    expect(new Set(cookies.flat()).size).toBe(2);
    expect(isConsent(await browser.post('/authorize/consent', form))).toBe(true);
  });

  test('signs in by the one answer that did: another one to the same form gets no session', async () => {
    const { passkey } = await newHolder(issuer);
    const { browser, page, fields } = await newWindow(issuer);
    await postAnswer(browser, fields, passkey.answer(optionsIn(page)));
    const other = { ...fields, passkey: passkey.answer(optionsIn(page)) };
    const { status, headers } = await browser.post('/authorize/passkey', other);
    expect([status, headers.getSetCookie()]).toEqual([307, []]);
  });

  test('is asked for of any person of this host, verified, and of nobody by name', async () => {
    const { page } = await newWindow(issuer);
    expect(optionsIn(page)).toEqual({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      rpId: new URL(issuer).hostname,
      allowCredentials: [],
      userVerification: 'required',
    });
  });

  test('is made for this host, without a password, with the algorithms that are checked here', async () => {
    const { browser, address } = await signedInByCode(issuer);
    expect(optionsIn(await openPage(browser))).toMatchObject({
      rp: { id: new URL(issuer).hostname },
      user: { name: address },
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
      excludeCredentials: [],
    });
  });

  test('is found by a handle that says nothing of its person’s address', async () => {
    const { browser, address } = await signedInByCode(issuer);
    const handle = Buffer.from(optionsIn(await openPage(browser)).user?.id ?? '', 'base64url').toString();
    expect(handle).toMatch(/^[A-Za-z0-9]{22}\.[\w-]{22}$/);
    expect(handle).not.toContain(address.slice(0, 12));
  });

  const stranger = new SoftwarePasskey(issuer);
  test.for<[string, Lies, string]>([
    ['of another site', { origin: 'https://evil.example' }, REFUSED],
    ['of another port of this host', { origin: 'http://localhost:1' }, REFUSED],
    ['from inside a page of another site', { crossOrigin: true }, REFUSED],
    ['from below a page of another site', { topOrigin: 'https://evil.example' }, REFUSED],
    ['to another question', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }, REFUSED],
    ['that was made to add one', { type: 'webauthn.create' }, REFUSED],
    ['for another host', { rpId: 'evil.example' }, REFUSED],
    ['of somebody who was not verified', { flags: 0x01 }, REFUSED],
    ['of somebody who was not there', { flags: 0x04 }, REFUSED],
    ['of a device that says it is on several now', { flags: 0x0d }, REFUSED],
    ['that has a copy and could not have one', { flags: 0x15 }, REFUSED],
    ['that another key signed', { key: stranger.key }, REFUSED],
    ['of another passkey', { id: stranger.id }, REMOVED],
    ['with the handle of nobody', { userHandle: Buffer.from('nobody').toString('base64url') }, REMOVED],
  ])('is refused with an answer %s, and a code still serves', async ([, lies, problem]) => {
    const { passkey, address } = await newHolder(issuer);
    const { browser, page, fields } = await newWindow(issuer);
    const refused = await postAnswer(browser, fields, passkey.answer(optionsIn(page), lies));
    expect(refused.status).toBe(400);
    expect(refused.html).toContain(problem);
    expect(isConsent((await reachConsent(issuer, browser, page, address)).page)).toBe(true);
  });

  test('is refused with another handle than it carries, although it is its person’s', async () => {
    const { passkey, browser: first } = await newHolder(issuer);
    const handle = Buffer.from(optionsIn(await openPage(first)).user?.id ?? '', 'base64url').toString();
    const other = Buffer.from(`${handle.slice(0, 23)}${'A'.repeat(22)}`).toString('base64url');
    expect((await signInWith(issuer, passkey, { userHandle: other })).html).toContain(REFUSED);
  });

  test('is refused once mail to its address has stopped, as a code is', async () => {
    const { passkey, address } = await newHolder(issuer);
    await comeBack(issuer, address);
    const refused = await signInWith(issuer, passkey);
    expect([refused.status, heading(refused)]).toEqual([403, 'You can’t sign in here']);
  });

  test.for(['', 'null', '{}', '[]', '"text"', '{"id":1}', '{"id":"a","response":{}}', `{"id":"${'a'.repeat(5_000)}"}`])(
    'is refused when the form has %j in its place',
    async (text) => {
      const { browser, fields } = await newWindow(issuer);
      const refused = await postAnswer(browser, fields, text);
      expect([refused.status, refused.html.includes(REFUSED)]).toEqual([400, true]);
    },
  );

  test('is refused in another browser than the one it was asked for in', async () => {
    const { passkey } = await newHolder(issuer);
    const [theirs, other] = [await newWindow(issuer), await newWindow(issuer)];
    const answer = passkey.answer(optionsIn(theirs.page));
    expect(isConsent(await postAnswer(other.browser, other.fields, answer))).toBe(false);
    expect(isConsent(await postAnswer(other.browser, theirs.fields, answer))).toBe(false);
  });

  test('is refused after its window has expired', async () => {
    const { passkey } = await newHolder(issuer);
    const { browser, page, fields } = await newWindow(issuer);
    const form = { ...fields, passkey: passkey.answer(optionsIn(page)) };
    const late = { 'x-local-clock-offset': '901' };
    const answer = await browser.post('/authorize/passkey', form, late);
    const shown = await browser.post(answer.headers.get('location') ?? '', form, late);
    expect(heading(shown)).toContain('expired');
  });

  test('is refused with a challenge that has served: after a sign-out the window has a new one', async () => {
    const { passkey } = await newHolder(issuer);
    const { browser, page, fields } = await newWindow(issuer);
    const answer = passkey.answer(optionsIn(page));
    expect(isConsent(await postAnswer(browser, fields, answer))).toBe(true);
    const again = await browser.post('/authorize/sign-out', fields);
    const replayed = await postAnswer(browser, fields, answer);
    expect([replayed.status, replayed.html.includes(REFUSED)]).toEqual([400, true]);
    expect(optionsIn(again).challenge).not.toBe(optionsIn(page).challenge);
    expect(isConsent(await postAnswer(browser, fields, passkey.answer(optionsIn(again))))).toBe(true);
  });

  test('keeps its new challenge on a page that refuses what was typed', async () => {
    const { passkey } = await newHolder(issuer);
    const { browser, page, fields } = await newWindow(issuer);
    await postAnswer(browser, fields, passkey.answer(optionsIn(page)));
    const again = await browser.post('/authorize/sign-out', fields);
    const mistyped = await browser.post('/authorize/email', { ...fields, email: 'none' });
    expect(optionsIn(mistyped).challenge).toBe(optionsIn(again).challenge);
  });

  test('whose counter has not grown signs in: it may be a copy, which the audit tells', async () => {
    const { passkey } = await newHolder(issuer);
    for (const counter of [7, 7, 3, 0, 8]) expect(isConsent(await signInWith(issuer, passkey, { counter }))).toBe(true);
  });

  test('that was removed is refused, and the page says so', async () => {
    const { passkey, browser } = await newHolder(issuer);
    const page = await openPage(browser);
    const [which = ''] = listed(page);
    const after = await browser.post(passkeysPath, { do: 'remove', session_token: sessionToken(page), which });
    expect(listed(after)).toEqual([]);
    expect((await signInWith(issuer, passkey)).html).toContain(REMOVED);
  });

  test('that was refused too often from a network is not looked at there, and others are', async () => {
    const { passkey } = await newHolder(issuer);
    // All of it within one minute, however long it takes.
    const browser = new Browser(issuer, { ...newSourceIp(), ...tomorrowAt(1) });
    const { page, fields } = await beginSignIn(issuer, { browser });
    const wrong = passkey.answer(optionsIn(page), { flags: 0x01 });
    const statuses = [];
    for (let count = 0; count < 21; count += 1) statuses.push((await postAnswer(browser, fields, wrong)).status);
    expect(statuses).toEqual([...Array(20).fill(400), 429]);
    expect(isConsent(await postAnswer(browser, fields, passkey.answer(optionsIn(page))))).toBe(true);
  });

  test('from a new browser is told by mail, as a code is', async () => {
    const { passkey, address } = await newHolder(issuer);
    await signInWith(issuer, passkey);
    await expect.poll(() => newestSubject(address)).toMatch(/^New sign-in to/);
  });
});

describe('the page of passkeys', () => {
  test('is shown only in a browser that is signed in, and leads there and back', async () => {
    const browser = new Browser(issuer, newSourceIp());
    const { status, headers } = await openPage(browser);
    expect([status, headers.get('location')]).toEqual([303, SIGN_IN]);
    const posted = await browser.post(passkeysPath, { do: 'add' });
    expect([posted.status, heading(posted), posted.html.includes(`href="${SIGN_IN}"`)]).toEqual([
      403,
      'Sign in again',
      true,
    ]);
    const address = newAddress();
    const first = await browser.open(SIGN_IN);
    const fields = hiddenFields(first);
    await browser.post('/authorize/email', { ...fields, email: address });
    const arrived = await browser.post('/authorize/code', { ...fields, code: await mailedCode(issuer, address) });
    expect(location(arrived).pathname).toBe(passkeysPath);
    expect((await openPage(browser)).html).toContain('data-passkey="');
  });

  test('is reached by a passkey too, and a passkey that is refused leads to the address', async () => {
    const { passkey } = await newHolder(issuer);
    const browser = new Browser(issuer, newSourceIp());
    const first = await browser.open(SIGN_IN);
    const fields = hiddenFields(first);
    const refused = await postAnswer(browser, fields, passkey.answer(optionsIn(first), { flags: 0x01 }));
    expect([refused.status, refused.html.includes(REFUSED)]).toEqual([400, true]);
    const arrived = await postAnswer(browser, fields, passkey.answer(optionsIn(first)));
    expect(location(arrived).pathname).toBe(passkeysPath);
    expect(listed(await openPage(browser)).length).toBe(1);
  });

  test('adds one, lists it and says so by mail', async () => {
    const { browser, address } = await newHolder(issuer);
    expect(listed(await openPage(browser)).length).toBe(1);
    await expect.poll(() => newestSubject(address)).toMatch(/passkey was added/);
  });

  test('asks for no second one of a device that has one', async () => {
    const { browser, passkey } = await newHolder(issuer);
    const { excludeCredentials } = optionsIn(await openPage(browser));
    expect(excludeCredentials).toEqual([{ type: 'public-key', id: passkey.id, transports: ['internal'] }]);
  });

  test('adds the same one once, however often the form is sent', async () => {
    const { browser } = await signedInByCode(issuer);
    const page = await openPage(browser);
    const passkey = new SoftwarePasskey(issuer).made(optionsIn(page));
    const form = { do: 'add', session_token: sessionToken(page), passkey };
    const answers = [await browser.post(passkeysPath, form), await browser.post(passkeysPath, form)];
    expect(answers.map((answer) => [answer.status, listed(answer).length])).toEqual([
      [200, 1],
      [200, 1],
    ]);
  });

  test('adds nothing with a challenge that has served, nor with one of another session', async () => {
    const { browser } = await signedInByCode(issuer);
    const page = await openPage(browser);
    await add(browser, page, new SoftwarePasskey(issuer));
    const again = await add(browser, page, new SoftwarePasskey(issuer));
    expect([again.status, listed(again).length]).toEqual([400, 1]);
    const other = await signedInByCode(issuer);
    const foreign = new SoftwarePasskey(issuer).made(optionsIn(await openPage(other.browser)));
    const form = { do: 'add', session_token: sessionToken(again), passkey: foreign };
    expect(listed(await browser.post(passkeysPath, form)).length).toBe(1);
  });

  test.for<[string, Lies]>([
    ['for another site', { origin: 'https://evil.example' }],
    ['inside a page of another site', { crossOrigin: true }],
    ['for another host', { rpId: 'evil.example' }],
    ['without its person being verified', { flags: 0x01 }],
    ['to sign in', { type: 'webauthn.get' }],
    ['with an algorithm that was not asked for', { algorithm: -35 }],
    ['with a statement of another kind', { format: 'tpm' }],
    ['with a key that is longer than any of use', { coseKey: rsaKey(1_100) }],
    ['with a copy where it could have none', { flags: 0x15 }],
  ])('adds none that was made %s', async ([, lies]) => {
    const { browser } = await signedInByCode(issuer);
    const refused = await add(browser, await openPage(browser), new SoftwarePasskey(issuer), lies);
    expect([refused.status, listed(refused)]).toEqual([400, []]);
  });

  test('adds one that attests to itself, and none with certificates, however good they are', async () => {
    const { browser } = await signedInByCode(issuer);
    const passkey = new SoftwarePasskey(issuer);
    const self = (signed: Buffer) => statement(sign('sha256', signed, passkey.key));
    const added = await add(browser, await openPage(browser), passkey, { format: 'packed', attest: self });
    expect([added.status, listed(added).length]).toEqual([200, 1]);
    const { key, certificate } = await attestationCertificate();
    const certified = (signed: Buffer) => statement(sign('sha256', signed, key), certificate);
    const refused = await add(browser, added, new SoftwarePasskey(issuer), { format: 'packed', attest: certified });
    expect([refused.status, listed(refused).length]).toEqual([400, 1]);
  });

  test('adds none ten minutes after the sign-in, and does not ask for it', async () => {
    const { browser } = await signedInByCode(issuer);
    const page = await openPage(browser);
    const fields = {
      do: 'add',
      session_token: sessionToken(page),
      passkey: new SoftwarePasskey(issuer).made(optionsIn(page)),
    };
    const late = await browser.post(passkeysPath, fields, { 'x-local-clock-offset': '601' });
    expect([late.status, listed(late)]).toEqual([400, []]);
    expect(late.html).not.toContain('data-passkey="');
  });

  test('adds none that nobody would hear of, while one can still be removed', async () => {
    const { browser, address } = await newHolder(issuer);
    for (let count = 0; count < 4; count += 1) {
      const page = await openPage(browser);
      if (count % 2 === 0) await add(browser, page, new SoftwarePasskey(issuer));
      else
        await browser.post(passkeysPath, {
          do: 'remove',
          session_token: sessionToken(page),
          which: listed(page)[0] ?? '',
        });
    }
    const page = await openPage(browser);
    const refused = await add(browser, page, new SoftwarePasskey(issuer));
    expect([refused.status, listed(refused)]).toEqual([400, listed(page)]);
    const [which = ''] = listed(page);
    const left = await browser.post(passkeysPath, { do: 'remove', session_token: sessionToken(page), which });
    expect(listed(left)).not.toContain(which);
    const told = async () => (await mailsTo(issuer, address)).filter(({ subject }) => /^A passkey was/.test(subject));
    await expect.poll(told).toHaveLength(5);
  });

  test('has room for twenty, as many as a person hears of in two days', async () => {
    const { browser: first, address } = await signedInByCode(issuer);
    let last = await openPage(first);
    let handle = '';
    for (const hours of [0, 1, 24, 25]) {
      const browser = new Browser(issuer, { ...newSourceIp(), 'x-local-clock-offset': String(hours * 3_600) });
      for (const [name, value] of first.cookies) if (name === 'browser') browser.cookies.set(name, value);
      const { page } = await beginSignIn(issuer, { browser });
      await reachConsent(issuer, browser, page, address);
      for (let count = 0; count < 5; count += 1) {
        const page = await openPage(browser);
        handle = optionsIn(page).user?.id ?? '';
        last = await add(browser, page, new SoftwarePasskey(issuer));
      }
    }
    expect([last.status, listed(last).length, last.html.includes('data-passkey="')]).toEqual([200, 20, false]);
    // On the third day there is room for mails again, and still none for a passkey until one is removed.
    const browser = new Browser(issuer, { ...newSourceIp(), 'x-local-clock-offset': String(48 * 3_600) });
    for (const [name, value] of first.cookies) if (name === 'browser') browser.cookies.set(name, value);
    const { page: window } = await beginSignIn(issuer, { browser });
    await reachConsent(issuer, browser, window, address);
    const full = await openPage(browser);
    // Only somebody who knows the cookie can work out a challenge that no page shows.
    const user = { id: handle, name: address };
    const holder = { handle: Buffer.from(handle, 'base64url').toString(), changes: 20 };
    const challenge = additionChallenge(browser.cookies.get('session') ?? '', holder);
    const options = { challenge, user, rp: { id: 'localhost', name: '' } };
    const passkey = new SoftwarePasskey(issuer).made(options);
    const refused = await browser.post(passkeysPath, { do: 'add', session_token: sessionToken(full), passkey });
    expect([refused.status, listed(refused).length]).toEqual([400, 20]);
    const [which = ''] = listed(full);
    const less = await browser.post(passkeysPath, { do: 'remove', session_token: sessionToken(full), which });
    expect(listed(await add(browser, less, new SoftwarePasskey(issuer))).length).toBe(20);
  });

  test('is shown and changed sixty times a minute at most by one person, and by another all the same', async () => {
    const begins = 61 - Math.floor((Date.now() / 1_000) % 60);
    const at = { ...newSourceIp(), 'x-local-clock-offset': String(begins) };
    const [one, other] = [await signedInByCode(issuer), await signedInByCode(issuer)];
    const statuses: number[] = [];
    const look = async ({ cookies }: Browser) => {
      const browser = new Browser(issuer, at);
      for (const [name, value] of cookies) browser.cookies.set(name, value);
      return (await browser.open(passkeysPath)).status;
    };
    for (let times = 0; times < 61; times += 1) statuses.push(await look(one.browser));
    expect(statuses).toEqual([...Array(60).fill(200), 429]);
    expect(await look(other.browser)).toBe(200);
  });

  test('renames one, with what can be seen alone', async () => {
    const { browser } = await newHolder(issuer);
    const page = await openPage(browser);
    const [which = ''] = listed(page);
    const form = { do: 'rename', session_token: sessionToken(page), which };
    const renamed = await browser.post(passkeysPath, { ...form, name: 'My <b>phone</b>' });
    expect(renamed.html).toContain('My &lt;b&gt;phone&lt;/b&gt;</bdi>');
    for (const name of ['', ' ', '\u200b', 'a'.repeat(61)])
      expect((await browser.post(passkeysPath, { ...form, name })).status).toBe(400);
    expect((await openPage(browser)).html).toContain('My &lt;b&gt;phone&lt;/b&gt;</bdi>');
  });

  test('removes the last one too, and says so by mail', async () => {
    const { browser, address } = await newHolder(issuer);
    const page = await openPage(browser);
    const form = { do: 'remove', session_token: sessionToken(page), which: listed(page)[0] ?? '' };
    for (let count = 0; count < 2; count += 1) expect((await browser.post(passkeysPath, form)).status).toBe(200);
    const removals = async () =>
      (await mailsTo(issuer, address)).filter(({ subject }) => /passkey was removed/.test(subject));
    await expect.poll(removals).toHaveLength(1);
  });

  test.for(['add', 'rename', 'remove'])(
    'does not %s for a form of another site, or of another session',
    async (what) => {
      const { browser } = await newHolder(issuer);
      const page = await openPage(browser);
      const [which = ''] = listed(page);
      const made = new SoftwarePasskey(issuer).made(optionsIn(page));
      const form = { do: what, which, name: 'Changed', passkey: made, session_token: sessionToken(page) };
      const foreign = await browser.post(passkeysPath, form, { origin: 'https://evil.example' });
      expect(foreign.status).toBe(403);
      const other = sessionToken(await openPage((await signedInByCode(issuer)).browser));
      for (const session_token of ['', 'x', other])
        expect((await browser.post(passkeysPath, { ...form, session_token })).status).toBe(400);
      expect(listed(await openPage(browser))).toEqual([which]);
      expect((await openPage(browser)).html).not.toContain('Changed');
    },
  );

  test('leads back to the client that was being connected', async () => {
    const browser = new Browser(issuer, newSourceIp());
    const { page } = await beginSignIn(issuer, { browser });
    const { fields } = await reachConsent(issuer, browser, page);
    const shown = await browser.post(passkeysPath, fields);
    expect(hiddenFields(shown)).toEqual(fields);
    expect(isConsent(await browser.post('/authorize/consent', hiddenFields(shown)))).toBe(true);
  });
});

/** What attests to a passkey in the format `packed`. WebAuthn Level 3 §8.2. */
function statement(sig: Buffer, certificate?: Buffer): ReadonlyMap<string, unknown> {
  const chain: [string, unknown][] = certificate ? [['x5c', [certificate]]] : [];
  return new Map<string, unknown>([['alg', -7], ['sig', sig], ...chain]);
}

/** What the audit has of a person's passkeys, in the order of time. */
async function remarksOf(address: string): Promise<unknown[]> {
  const today = new Date().toISOString().slice(0, 10);
  const { items } = (await operate(issuer, 'audit', { person: address, after: today })) as { items: Remark[] };
  const ofPasskeys = items.filter(({ event }) => event.startsWith('passkey_'));
  return ofPasskeys.map(({ event, reason }) => (reason === undefined ? event : `${event} ${reason}`));
}
type Remark = { readonly event: string; readonly reason?: string };

describe('the audit', () => {
  test('tells what became of a person’s passkeys', async () => {
    const { browser, address, passkey } = await newHolder(issuer);
    const page = await openPage(browser);
    const form = { session_token: sessionToken(page), which: listed(page)[0] ?? '' };
    await browser.post(passkeysPath, { ...form, do: 'rename', name: 'Phone' });
    await signInWith(issuer, passkey, { origin: 'https://evil.example' });
    await signInWith(issuer, passkey, { crossOrigin: true });
    await signInWith(issuer, passkey, { challenge: 'A'.repeat(43) });
    await signInWith(issuer, passkey, { flags: 0x01 });
    await signInWith(issuer, passkey, { key: new SoftwarePasskey(issuer).key });
    await signInWith(issuer, passkey, { counter: 2 });
    await signInWith(issuer, passkey, { counter: 1 });
    await browser.post(passkeysPath, { ...form, do: 'remove' });
    await signInWith(issuer, passkey);
    expect(await remarksOf(address)).toEqual([
      'passkey_added',
      'passkey_renamed',
      'passkey_refused origin',
      'passkey_refused cross-origin',
      'passkey_refused challenge',
      'passkey_refused user-verification',
      'passkey_refused signature',
      'passkey_cloned',
      'passkey_removed',
      'passkey_refused removed',
    ]);
  });

  test('has nothing under a person’s name that somebody else made up about them', async () => {
    const { address, browser } = await newHolder(issuer);
    const handle = Buffer.from(optionsIn(await openPage(browser)).user?.id ?? '', 'base64url').toString();
    const userHandle = Buffer.from(`${handle.slice(0, 23)}${'A'.repeat(22)}`).toString('base64url');
    expect((await signInWith(issuer, new SoftwarePasskey(issuer), { userHandle })).html).toContain(REMOVED);
    expect(await remarksOf(address)).toEqual(['passkey_added']);
  });
});

describe('an operator', () => {
  test('who ends everything of a person ends their passkeys too, and new ones serve', async () => {
    const { address, passkey } = await newHolder(issuer);
    await operate(issuer, 'people end-everything', { address });
    expect((await signInWith(issuer, passkey)).html).toContain(REMOVED);
    const { browser } = await signedInByCode(issuer, address);
    const page = await openPage(browser);
    expect([listed(page), optionsIn(page).excludeCredentials]).toEqual([[], []]);
    const next = new SoftwarePasskey(issuer);
    expect(listed(await add(browser, page, next)).length).toBe(1);
    expect(isConsent(await signInWith(issuer, next))).toBe(true);
    expect((await signInWith(issuer, passkey)).html).toContain(REMOVED);
    const data = await press({ browser, page: await browser.open('/account/data') }, '/account/data');
    expect(JSON.parse(data.html).passkeys).toHaveLength(1);
  });

  test('who disables a person ends their passkeys, which enabling does not bring back', async () => {
    const { address, passkey } = await newHolder(issuer);
    await operate(issuer, 'people disable', { address });
    expect(isConsent(await signInWith(issuer, passkey))).toBe(false);
    await operate(issuer, 'people enable', { address });
    expect((await signInWith(issuer, passkey)).html).toContain(REMOVED);
  });
});

describe('the offer of a passkey', () => {
  const isOffered = ({ html }: Page) => html.includes('data-offer="');

  /** Signs in by a code, as far as the page for consent. */
  async function consentAfterCode(browser: Browser, address: string) {
    const { page } = await beginSignIn(issuer, { browser, request: { prompt: 'login' } });
    return reachConsent(issuer, browser, page, address);
  }

  test('is made once in each browser, by the page for consent after a code', async () => {
    const address = newAddress();
    const [one, other] = [new Browser(issuer, newSourceIp()), new Browser(issuer, newSourceIp())];
    expect(isOffered((await consentAfterCode(one, address)).page)).toBe(true);
    expect(isOffered((await consentAfterCode(one, address)).page)).toBe(false);
    expect(isOffered((await consentAfterCode(other, address)).page)).toBe(true);
  });

  test('is not made again in any browser after it was declined, and consent goes on', async () => {
    const address = newAddress();
    const browser = new Browser(issuer, newSourceIp());
    const { fields } = await consentAfterCode(browser, address);
    const form = { ...fields, do: 'decline' };
    const answer = await browser.post(passkeysPath, form);
    expect([answer.status, answer.headers.get('location')]).toEqual([307, '/authorize/consent']);
    expect(isConsent(await browser.post('/authorize/consent', form))).toBe(true);
    expect(isOffered((await consentAfterCode(new Browser(issuer, newSourceIp()), address)).page)).toBe(false);
  });

  test('is not made to somebody who has a passkey, nor after a sign-in by one', async () => {
    const { address, passkey } = await newHolder(issuer);
    expect(isOffered((await consentAfterCode(new Browser(issuer, newSourceIp()), address)).page)).toBe(false);
    expect(isOffered(await signInWith(issuer, passkey))).toBe(false);
  });

  test('is declined by a form of this site alone', async () => {
    const address = newAddress();
    const browser = new Browser(issuer, newSourceIp());
    const { fields } = await consentAfterCode(browser, address);
    const form = { ...fields, do: 'decline' };
    expect((await browser.post(passkeysPath, form, { origin: 'https://evil.example' })).status).toBe(403);
    await browser.post(passkeysPath, { ...form, form_token: 'x' });
    expect(isOffered((await consentAfterCode(new Browser(issuer, newSourceIp()), address)).page)).toBe(true);
  });
});
