import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listenForCallback } from '../../cli/shared/callback.ts';
import { printable } from '../../cli/shared/terminal.ts';

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
