import { afterEach, describe, expect, test, vi } from 'vitest';
import { logRequest, shownOf } from '#core/http/log.ts';
import { toRequest } from '#core/http/request.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { probe } from '../../lambdas/version-check/probe.ts';

const settings = vi.hoisted(() => ({ sender: 'sign-in@example.com', loggedShare: 1 }));
vi.mock('#generated', () => settings);
afterEach(() => {
  vi.restoreAllMocks();
  settings.loggedShare = 1;
});

/** All that the log has of a request. */
function logged(path: string, reason: string | undefined, error?: unknown, status = 400): string {
  const lines: unknown[] = [];
  for (const level of ['info', 'warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation((...values) => void lines.push(...values));
  const request = { ...toRequest({ ...probe }), path };
  logRequest(request, { status, reason }, error);
  lines.push(shownOf(request));
  return lines.map((line) => (line instanceof Error ? `${line.name}: ${line.stack}` : JSON.stringify(line))).join('\n');
}

const sandbox = 'Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: ';

describe('a log holds no e-mail address', () => {
  test.for([
    ['that SES names', `${sandbox}ada@example.org`],
    ['in brackets', 'Ada <ada@example.org>, bob+x@mail.example.org'],
    ['with an apostrophe', "ada'lovelace@example.org"],
    ['that is quoted', '"ada lovelace"@example.org'],
    ['with letters of other alphabets', 'ädä@exämple.org'],
    ['at the end of a sentence', 'mail to ada@example.org.'],
  ])('%s', ([, text = '']) => {
    const refusal = Object.assign(new Error(text), { name: 'MessageRejected', address: text });
    const all = [
      logged('/x', text),
      logged('/x', undefined, new OAuthError('temporarily_unavailable', text, 503, { cause: refusal })),
      logged('/x', undefined, new OAuthError('temporarily_unavailable', 'No', 503, { cause: text })),
      logged('/x', undefined, refusal),
    ].join('\n');
    expect(all).toContain('MessageRejected');
    expect(all).toContain('(an address)');
    expect(all).not.toMatch(/ada|lovelace|bob|ädä|example\.org/);
  });

  test.for(['/ada@example.org', '/ada%40example.org/x'])('in the path that was asked for: %s', (path) => {
    expect(logged(path, undefined)).not.toMatch(/ada|example\.org/);
  });

  test.for(['a'.repeat(250_000), `"${'\\"'.repeat(125_000)}`, '%4'.repeat(125_000), '@/'.repeat(125_000)])(
    'nor is it ever done with looking for one, in a text of a quarter of a million letters (%#)',
    (text) => {
      expect(logged('/x', text)).toContain(text.slice(0, 10).replaceAll('\\', '\\\\').replaceAll('"', '\\"'));
    },
  );

  test('and no more of a path than tells what was asked for', () => {
    const token = 'x'.repeat(43);
    expect(logged(`/mcp/${token}`, undefined)).toContain('"path":"/mcp/xxxxxxxx…"');
    expect(logged(`/${'a/'.repeat(4_000)}`, undefined).length).toBeLessThan(300);
    expect(logged('/.well-known/oauth-protected-resource/mcp', undefined)).toContain(
      '"path":"/.well-known/oauth-protected-resource/mcp"',
    );
  });

  test('but the sender’s, by which an operator knows that it is the one that is not confirmed', () => {
    const cause = new Error(`${sandbox}sign-in@example.com, ada@example.org`);
    const line = logged('/x', undefined, new OAuthError('temporarily_unavailable', 'No', 503, { cause }));
    expect(line).toContain('EU-CENTRAL-1: sign-in@example.com, (an address)');
  });
});

describe('a request that went well', () => {
  test.for([200, 303])('is told with its metrics: %i', (status) => {
    expect(logged('/mcp', undefined, undefined, status)).toMatch(
      /^\{"request":"[^"]+","method":"[A-Z]+","path":"\/mcp"\}$/,
    );
  });

  test.for([200, 303])('is not told of, where none is to be: %i', (status) => {
    settings.loggedShare = 0;
    expect(logged('/mcp', undefined, undefined, status)).toBe('{}');
  });

  test.for([
    ['was refused', '"status":401', undefined, undefined, 401],
    ['failed', 'broken', undefined, new Error('broken'), 500],
    ['went well but for something', 'denied', 'the client is denied', undefined, 200],
    ['failed and was sent back to its client', 'server_error', undefined, new Error('broken'), 303],
  ] as const)('and one that %s has a line of its own, once', ([, said, reason, error, status]) => {
    settings.loggedShare = 0;
    expect(logged('/mcp', reason, error, status)).toContain(said);
    settings.loggedShare = 1;
    expect(logged('/mcp', reason, error, status)).toMatch(/\{\}$/);
  });
});
