import { decodeJwt } from 'jose';
import { describe, expect, inject, test } from 'vitest';
import { Browser, hiddenFields } from '../support/browser.ts';
import {
  approve,
  authorizePath,
  connect,
  isAccepted,
  mailedCode,
  newAddress,
  newPkce,
  newSourceIp,
  reachConsent,
  refresh,
  register,
  requestTokens,
  type Tokens,
} from '../support/flow.ts';

import { callTool, newTodo, outputOf, titles } from '../support/mcp.ts';
import { newRedemption, redeem, refusal, tokensIn } from '../support/redemption.ts';

const issuer = inject('issuer');

const atOnce = <T>(times: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: times }, (_, index) => work(index)));

describe('one code redeemed many times at once, RFC 6749 §4.1.2', () => {
  test('gives tokens once, and then its grant has ended, for the others are replays (T14)', async () => {
    const redemption = await newRedemption(issuer);
    const responses = await atOnce(50, () => redeem(issuer, redemption));
    const winners = responses.filter(({ status }) => status === 200);
    const losers = responses.filter(({ status }) => status !== 200);
    expect(winners).toHaveLength(1);
    for (const loser of losers) expect(await refusal(loser)).toBe('400 invalid_grant');
    const { access_token, refresh_token } = await tokensIn(winners[0] ?? Response.error());
    expect(await isAccepted(issuer, access_token)).toBe(false);
    expect(await refusal(await refresh(issuer, redemption.client.client_id, refresh_token))).toBe('400 invalid_grant');
  });

  test('gives tokens once among tries with wrong verifiers, and these end nothing (T13, T14)', async () => {
    const redemption = await newRedemption(issuer);
    const responses = await atOnce(20, (index) =>
      redeem(issuer, redemption, index === 7 ? {} : { code_verifier: 'x'.repeat(43) }),
    );
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(1);
    const { access_token } = await tokensIn(responses[7] ?? Response.error());
    expect(await isAccepted(issuer, access_token)).toBe(true);
  });
});

describe('one refresh token spent many times at once', () => {
  test('gives everyone the same successor, and the family lives (F04)', async () => {
    const { clientId, tokens } = await connect(issuer);
    const all = await atOnce(50, async () => tokensIn(await refresh(issuer, clientId, tokens.refresh_token)));
    const successors = new Set(all.map(({ refresh_token }) => refresh_token));
    expect(successors.size).toBe(1);
    for (const { access_token } of all.slice(0, 5)) expect(await isAccepted(issuer, access_token)).toBe(true);
    const [successor = ''] = successors;
    expect((await refresh(issuer, clientId, successor)).status).toBe(200);
  });

  test('together with its successor: each family member gives one successor, or is late, and the family lives (F04)', async () => {
    const { clientId, tokens: first } = await connect(issuer);
    const second = await tokensIn(await refresh(issuer, clientId, first.refresh_token));
    const responses = await atOnce(40, async (index) => {
      const spent = index % 2 === 0 ? first : second;
      return { spent, response: await refresh(issuer, clientId, spent.refresh_token) };
    });
    const ofFirst = responses.filter(({ spent }) => spent === first);
    for (const { response } of ofFirst) {
      if (response.status === 200) expect((await tokensIn(response)).refresh_token).toBe(second.refresh_token);
      else expect(await refusal(response)).toBe('400 invalid_grant');
    }
    const ofSecond = responses.filter(({ spent }) => spent === second);
    const thirds = await Promise.all(ofSecond.map(async ({ response }) => (await tokensIn(response)).refresh_token));
    expect(new Set(thirds).size).toBe(1);
    expect((await refresh(issuer, clientId, thirds[0] ?? '')).status).toBe(200);
  });

  test('and revoked in the middle: nothing works afterwards', async () => {
    const { clientId, tokens } = await connect(issuer);
    const revocation = () =>
      fetch(`${issuer}/revoke`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: clientId, token: tokens.access_token }),
      });
    const responses = await atOnce(20, (index) =>
      index === 10 ? revocation() : refresh(issuer, clientId, tokens.refresh_token),
    );
    const given = await Promise.all(
      responses
        .filter((_, index) => index !== 10)
        .map(async (response) => [response.status, await response.text()] as const),
    );
    for (const [status, text] of given) {
      expect([200, 400]).toContain(status);
      if (status !== 200) continue;
      const late = JSON.parse(text) as Tokens;
      expect(await isAccepted(issuer, late.access_token)).toBe(false);
      expect((await refresh(issuer, clientId, late.refresh_token)).status).toBe(400);
    }
  });
});

describe('todos written at the same moment', () => {
  test('twenty new ones are all there', async () => {
    const { tokens } = await connect(issuer);
    const ids = await atOnce(20, (index) => newTodo(issuer, tokens.access_token, { title: `Number ${index}` }));
    expect(new Set(ids).size).toBe(20);
    const expected = Array.from({ length: 20 }, (_, index) => `Number ${index}`);
    expect((await titles(issuer, tokens.access_token)).sort()).toEqual(expected.sort());
  });

  const changes = [
    { title: 'Changed' },
    { notes: 'With notes' },
    { due: '2027-03-04' },
    { priority: 'high' },
    { tags: ['one', 'two'] },
    { done: true },
  ] as const;
  const merged = Object.assign({}, ...changes) as object;

  test('no acknowledged change of one todo is lost, whoever wins', async () => {
    const { tokens } = await connect(issuer);
    const id = await newTodo(issuer, tokens.access_token);
    const untilTaken = async (change: object): Promise<void> => {
      const answer = await callTool(issuer, tokens.access_token, 'update_todo', { id, ...change });
      if (answer.status === 200) return void outputOf(answer);
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      await untilTaken(change);
    };
    await Promise.all(changes.map(untilTaken));
    expect(outputOf(await callTool(issuer, tokens.access_token, 'get_todo', { id }))).toMatchObject(merged);
  });

  test('ten changes of one todo all land, and no client hears of the others', async () => {
    const { tokens } = await connect(issuer);
    const id = await newTodo(issuer, tokens.access_token);
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all(
        [...changes, ...changes.slice(0, 4)].map((change) =>
          callTool(issuer, tokens.access_token, 'update_todo', { id, ...change }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    }
    expect(outputOf(await callTool(issuer, tokens.access_token, 'get_todo', { id }))).toMatchObject(merged);
  });

  test('a todo deleted many times is deleted once', async () => {
    const { tokens } = await connect(issuer);
    const id = await newTodo(issuer, tokens.access_token);
    const answers = await atOnce(8, () => callTool(issuer, tokens.access_token, 'delete_todo', { id }));
    expect(answers.filter(({ message }) => message.result && !message.result.isError)).toHaveLength(1);
    for (const { status } of answers) expect(status).toBe(200);
    expect(await titles(issuer, tokens.access_token)).toEqual([]);
  });
});

describe('people and clients that come at the same moment', () => {
  test('twenty registrations give twenty clients that work', async () => {
    const clients = await atOnce(20, () => register(issuer));
    expect(new Set(clients.map(({ client_id }) => client_id)).size).toBe(20);
    for (const { client_id } of clients) {
      const guess = { grant_type: 'refresh_token', client_id, refresh_token: 'x' };
      expect(await refusal(await requestTokens(issuer, guess, newSourceIp()))).toBe('400 invalid_grant');
    }
  });

  test('the first sign-ins of one address in two browsers make one person', async () => {
    const address = newAddress();
    const { client_id } = await register(issuer);
    const signIns = await atOnce(2, async () => {
      const { verifier, challenge } = newPkce();
      const browser = new Browser(issuer, newSourceIp());
      const first = await browser.open(authorizePath(client_id, challenge));
      return { verifier, browser, fields: hiddenFields(first) };
    });
    const ready = [];
    for (const signIn of signIns) {
      await signIn.browser.post('/authorize/email', { ...signIn.fields, email: address });
      ready.push({ ...signIn, mailed: await mailedCode(issuer, address) });
    }
    const subjects = await Promise.all(
      ready.map(async ({ browser, fields, mailed, verifier }) => {
        const page = await browser.post('/authorize/code', { ...fields, code: mailed });
        const code = (await approve(browser, { page, fields })).searchParams.get('code') ?? '';
        const parameters = { grant_type: 'authorization_code', client_id, code, code_verifier: verifier };
        const { access_token } = await tokensIn(await requestTokens(issuer, parameters));
        expect(await isAccepted(issuer, access_token)).toBe(true);
        return decodeJwt(access_token).sub;
      }),
    );
    expect(new Set(subjects).size).toBe(1);
  });

  test('five clicks on Approve give one and the same code', async () => {
    const { client_id } = await register(issuer);
    const { verifier, challenge } = newPkce();
    const browser = new Browser(issuer, newSourceIp());
    const consent = await reachConsent(issuer, browser, await browser.open(authorizePath(client_id, challenge)));
    const targets = await atOnce(5, async () => (await approve(browser, consent)).href);
    expect(new Set(targets).size).toBe(1);
    const code = new URL(targets[0] ?? '').searchParams.get('code') ?? '';
    const parameters = { grant_type: 'authorization_code', client_id, code, code_verifier: verifier };
    await tokensIn(await requestTokens(issuer, parameters));
  });
});
