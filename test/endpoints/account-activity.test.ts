import { describe, expect, inject, test } from 'vitest';
import { connectedAccount, formsOf, openAccount, press } from '../support/account-page.ts';
import { Browser, heading, type Page } from '../support/browser.ts';
import { connect, newAddress, newSourceIp } from '../support/flow.ts';
import { callTool } from '../support/mcp.ts';

const issuer = inject('issuer');

/** What the rows of the page say: what was done, by which app, and what became of it. */
function rowsOf({ html }: Page): readonly string[] {
  const rows = [...html.matchAll(/<tr><td>.*?<\/td>(.*?)<\/tr>/g)].map(([, cells = '']) => cells);
  return rows.map((cells) => [...cells.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell = '']) => text(cell)).join(', '));
}

const text = (html: string) => html.replace(/<[^>]*>/g, '');
const connectionIn = (page: Page) =>
  formsOf(page).find(({ action }) => action === '/account/disconnect')?.fields.connection ?? '';

describe.concurrent('what apps did as a person', () => {
  test('is listed with the tool’s title and its outcome, the newest first, also after the app was disconnected', async () => {
    const account = await connectedAccount(issuer);
    const token = account.tokens.access_token;
    await callTool(issuer, token, 'create_todo', { title: 'Nobody else reads this' });
    await callTool(issuer, token, 'get_todo', { id: 'none' });
    await callTool(issuer, token, 'server_time');
    const open = () => account.browser.open('/account/activity');
    const before = await open();
    expect(heading(before)).toBe('Recent activity');
    const expected = [
      expect.stringMatching(/, Done$/),
      expect.stringMatching(/^Get a todo, .+, Didn’t work$/),
      expect.stringMatching(/, Done$/),
    ];
    expect(rowsOf(before)).toEqual(expected);
    expect(before.html).not.toContain('Nobody else reads this');
    await press(account, '/account/disconnect');
    expect(rowsOf(await open())).toEqual(expected);
  });

  test('is told apart by connection, and nobody else’s connection shows anything', async () => {
    const address = newAddress();
    const other = await connect(issuer, { address, isOwnClient: true });
    const account = await connectedAccount(issuer, { address });
    const stranger = await openAccount(issuer);
    await callTool(issuer, other.tokens.access_token, 'echo', { text: 'x' });
    await callTool(issuer, account.tokens.access_token, 'server_time', {});
    const page = await account.browser.open('/account');
    const links = [...page.html.matchAll(/href="(\/account\/activity\?connection=\w+)"/g)].map(([, link = '']) => link);
    const shown = await Promise.all(links.map(async (link) => rowsOf(await account.browser.open(link))));
    expect(shown.map((rows) => rows.length)).toEqual([1, 1]);
    expect(rowsOf(await account.browser.open('/account/activity'))).toHaveLength(2);
    for (const link of links) expect(rowsOf(await stranger.browser.open(link))).toEqual([]);
    expect(connectionIn(page)).not.toBe('');
  });

  test('goes on where a page ends, and no call is left out or shown twice', async () => {
    const account = await connectedAccount(issuer);
    for (let count = 0; count < 30; count += 1)
      await callTool(issuer, account.tokens.access_token, 'echo', { text: String(count) });
    const first = await account.browser.open('/account/activity');
    expect(rowsOf(first)).toHaveLength(25);
    const [, more = ''] = /href="(\/account\/activity\?before=[^"]+)"/.exec(first.html) ?? [];
    const second = await account.browser.open(more);
    expect(rowsOf(second)).toHaveLength(5);
    const times = [first, second].flatMap(({ html }) =>
      [...html.matchAll(/<time datetime="([^"]+)"/g)].map(([, t]) => t),
    );
    expect([...times].sort().reverse()).toEqual(times);
    expect(second.html).not.toContain('Show earlier');
  });

  test.for(['yesterday', '2026-13-45', '9999-12-31', '2026-01-01T00:00:00.000Z#short', '0000-00-00', '1970-01-01'])(
    'is shown from today on, or is nothing, where the place is none: %s',
    async (before) => {
      const account = await openAccount(issuer);
      const page = await account.browser.open(`/account/activity?connection=%23&before=${encodeURIComponent(before)}`);
      expect(page.status).toBe(200);
      expect(page.html).toContain('Nothing since');
    },
  );

  test('is shown to nobody who is not signed in, and the sign-in leads back to it', async () => {
    const answer = await new Browser(issuer, newSourceIp()).open('/account/activity');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/account/sign-in?to=/account/activity']);
    const account = await openAccount(issuer, { to: '/account/activity' });
    expect(heading(account.page)).toBe('Recent activity');
  });
});
