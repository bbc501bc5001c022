import { describe, expect, test } from 'vitest';
import { freePort } from '../support/loopback-server.ts';
import { Installation } from './client-process.ts';

const nowhere = 'http://localhost:9/mcp';

describe('the command line', () => {
  const wrong: readonly { readonly args: readonly string[]; readonly says: string }[] = [
    { args: [], says: 'Say one thing to do' },
    { args: ['--list', '--logout'], says: 'Say one thing to do' },
    { args: ['--list', '--tool', 'whoami'], says: 'Say one thing to do' },
    { args: ['--bogus'], says: "Unknown option '--bogus'" },
    { args: ['whoami'], says: "Unexpected argument 'whoami'" },
    { args: ['--tool'], says: '--tool' },
    { args: ['--tool', 'whoami', '--args', '{title}'], says: '--args must be a JSON object' },
    { args: ['--tool', 'whoami', '--args', '["title"]'], says: '--args must be a JSON object' },
    { args: ['--list', '--args', '{}'], says: '--args needs --tool' },
    { args: ['--list', '--email', 'you@example.com'], says: '--email needs --mailbox' },
    { args: ['--list', '--mailbox', '--no-browser'], says: 'cannot be used together' },
    { args: ['--logout', '--json'], says: '--json does not serve with --logout' },
    { args: ['--list', '--timeout', 'long'], says: '--timeout must be a number of seconds' },
    { args: ['--list', '--url', 'mcp.example'], says: '--url must be an https address' },
    { args: ['--list', '--url', 'http://mcp.example/mcp'], says: '--url must be an https address' },
    {
      args: ['--list', '--url', 'https://mcp.example/mcp', '--mailbox'],
      says: 'only works with a server on this machine',
    },
  ];
  test.for(wrong)('$args is refused in one sentence', async ({ args, says }) => {
    const { code, stdout, stderr } = await new Installation(nowhere).run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test('--help explains every option', async () => {
    const { code, stdout } = await new Installation(nowhere).run('--help');
    expect(code).toBe(0);
    for (const option of ['--tool', '--args', '--list', '--logout', '--url', '--scope', '--mailbox', '--verbose']) {
      expect(stdout).toContain(option);
    }
  });
});

describe('a server that cannot be used', () => {
  test('because nothing listens there', async () => {
    const url = `http://127.0.0.1:${await freePort()}/mcp`;
    const run = await new Installation(url).run('--list');
    expect(run).toEqual({ code: 1, stdout: '', stderr: `${url} cannot be reached: nothing listens there.\n` });
  });
});
