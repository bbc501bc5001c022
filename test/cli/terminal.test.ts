import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { shownTable } from '../../cli/admin/print.ts';
import { listenForCallback } from '../../cli/shared/callback.ts';
import { widthOf, wrapped } from '../../cli/shared/layout.ts';
import { columnsOf, printable } from '../../cli/shared/terminal.ts';

afterEach(() => vi.unstubAllEnvs());

describe('what a program prints', () => {
  test.for([
    ['moves the cursor', 'a\u001b[2Jb', 'a\uFFFD[2Jb'],
    ['renames the window', '\u001b]0;owned\u0007', '\uFFFD]0;owned\uFFFD'],
    ['steers by one character of eight bits', '\u009b31m', '\uFFFD31m'],
    ['writes over what stands there', 'safe\rgone\b', 'safe\uFFFDgone\uFFFD'],
    ['turns the text around', 'abc\u202Etxt\u2069', 'abc\uFFFDtxt\uFFFD'],
    ['has lines, tabs and letters of any script', 'a\n\tb\u00E9\u05D0\u200D', 'a\n\tb\u00E9\u05D0\u200D'],
  ] as const)('is printed as it is, or not at all where it %s', ([, sent, printed]) => {
    expect(printable(sent)).toBe(printed);
  });
});

describe('the place that the browser brings the answer to, RFC 8252 §7.3', () => {
  test.for(['//', '///', '//[', 'http://[', '/%', '*', '/callback?state=other'])(
    'goes on waiting after a request for %s',
    async (target) => {
      const { redirectUri, answer, close } = await listenForCallback('mine', () => undefined);
      onTestFinished(close);
      const { port } = new URL(redirectUri);
      const socket = connect(Number(port), '127.0.0.1');
      await once(socket, 'connect');
      socket.end(`GET ${target} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`);
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 40[04]/);
      const answered = answer(10);
      await fetch(`${redirectUri}?state=mine&code=x`);
      expect((await answered).get('code')).toBe('x');
    },
  );
});

describe('what is to fit a terminal', () => {
  test.for([
    ['plain', 5],
    ['日本語', 6],
    ['한국어', 6],
    ['ｆｕｌｌ', 8],
    ['e\u0301', 1],
    ['a\u200Db', 2],
    ['🙂', 2],
  ] as const)('counts the columns of %s as %i', ([text, width]) => {
    expect(widthOf(text)).toBe(width);
  });

  test.for([
    ['one two three', 7, ['one two', 'three']],
    ['one', 7, ['one']],
    ['https://example.com/a', 8, ['https://', 'example.', 'com/a']],
    ['see https://example.com/a now', 8, ['see', 'https://', 'example.', 'com/a', 'now']],
    ['日本語の名前', 5, ['日本', '語の', '名前']],
  ] as const)('breaks %s at %i columns', ([text, width, lines]) => {
    expect(wrapped(text, width)).toEqual(lines);
  });

  const rows = [
    { client_id: '2TfCq0JbXk9ZrVdLw5sN8a', client_name: '日本語', registered_at: '2026-11-21T08:30:00.000Z' },
    { client_id: 'reports', client_name: 'Reports' },
  ];
  const columns = ['client_id', 'client_name', 'registered_at'];

  test('is a table where there is room, with each column below its name', () => {
    vi.stubEnv('COLUMNS', '80');
    expect(shownTable(rows, columns).split('\n')).toEqual([
      'client_id               client_name  registered_at',
      '2TfCq0JbXk9ZrVdLw5sN8a  日本語       2026-11-21T08:30:00Z',
      'reports                 Reports',
    ]);
  });

  test('is one thing below the other where there is not, and nothing is cut short', () => {
    vi.stubEnv('COLUMNS', '40');
    const shown = shownTable(rows, columns);
    expect(shown.split('\n').filter((line) => widthOf(line) > 40)).toEqual([]);
    expect(shown.split('\n')).toEqual([
      '  client_id      2TfCq0JbXk9ZrVdLw5sN8a',
      '  client_name    日本語',
      '  registered_at  2026-11-21T08:30:00Z',
      '',
      '  client_id    reports',
      '  client_name  Reports',
    ]);
  });

  test('is as wide as it is where no terminal reads it', () => {
    expect([columnsOf({}, {}), columnsOf({ columns: 90 }, {}), columnsOf({ columns: 90 }, { COLUMNS: '50' })]).toEqual([
      Number.POSITIVE_INFINITY,
      90,
      50,
    ]);
  });
});
