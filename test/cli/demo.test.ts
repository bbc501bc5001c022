import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { demo } from '../../cli/demo/demo.ts';
import { formsOf } from '../support/account-page.ts';
import { assemblyOf } from '../support/assembly.ts';
import { Browser, heading, hiddenFields, location } from '../support/browser.ts';
import { Operator } from './admin-process.ts';
import { runHere, startProgram } from './program.ts';

test('the demo has a server with people, clients and a history, and says where to look', async () => {
  const TMPDIR = mkdtempSync(join(tmpdir(), 'vestibule-test-'));
  const run = startProgram('demo', [], { PORT: '0', TMPDIR, ASSEMBLY_DIR: await assemblyOf() });
  const said = await run.says('stdout', 'Ctrl-C ends it');
  const [, home = ''] = /Setup page +(\S+)/.exec(said) ?? [];
  const [, account = ''] = /Account +(\S+)/.exec(said) ?? [];
  const [, address = ''] = /Sign in as (\S+)\. The code appears here/.exec(said) ?? [];
  const [, consent = ''] = /Consent +(\S+)/.exec(said) ?? [];
  const [, mailbox = ''] = /Mailbox +(\S+)/.exec(said) ?? [];
  expect((await fetch(home)).status).toBe(200);
  expect((await fetch(mailbox)).status).toBe(200);

  const { origin } = new URL(home);
  const browser = new Browser(origin);
  const first = await browser.open((await browser.open(account)).headers.get('location') ?? '');
  const [{ fields } = { fields: {} }] = formsOf(first);
  await browser.post('/authorize/email', { ...fields, email: address });
  const [, code = ''] = /Code for \S+: (\S+)/.exec(await run.says('stdout', `Code for ${address}: `)) ?? [];
  const signedIn = await browser.post('/authorize/code', { ...fields, code });
  const page = await browser.open(signedIn.headers.get('location') ?? '');
  expect(page.html).toContain(address);
  for (const client of ['Terminal Assistant', 'Code Editor']) expect(page.html).toContain(client);

  const asked = await browser.open(consent);
  expect(heading(asked)).toContain('Notebook');
  const decided = await browser.post('/authorize/consent', {
    ...hiddenFields(asked),
    decision: 'approve',
    scope: 'todos:read',
  });
  expect((await fetch(location(decided))).status).toBe(200);
  await run.says('stdout', 'Notebook is connected');

  const operator = new Operator(origin);
  for (const [, line = ''] of said.matchAll(/npm run admin -- (.+) --local/g))
    expect(await operator.run(...line.split(' '))).toMatchObject({ code: 0, stdout: expect.stringMatching(/\S/) });
  const { stdout: trail } = await operator.run('audit', '--tenant', 'acme');
  for (const event of ['grant ', 'revocation ', 'outcome=allowed', 'outcome=failed']) expect(trail).toContain(event);

  run.interrupt();
  expect((await run.ended).code).toBe(0);
  await expect(fetch(home)).rejects.toThrow();
  expect(readdirSync(TMPDIR)).toEqual([]);
});

test.for<[args: string[], outcome: object]>([
  [['--help'], { code: 0, stdout: expect.stringContaining('npm run demo'), stderr: '' }],
  [['--port'], { code: 2, stdout: '', stderr: expect.stringContaining('--help explains the command line.') }],
  [['now'], { code: 2, stdout: '', stderr: expect.stringContaining("'now'") }],
])('the demo with %s starts no server', async ([args, outcome]) => {
  const run = runHere((given, terminal) => demo(given, {}, terminal), args);
  expect(await run).toMatchObject(outcome);
});

test('the demo says why it cannot start, and leaves nothing behind', async () => {
  const TMPDIR = mkdtempSync(join(tmpdir(), 'vestibule-test-'));
  const { code, stdout, stderr } = await startProgram('demo', [], { PORT: new URL(inject('issuer')).port, TMPDIR })
    .ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('The server did not start: ');
  expect(readdirSync(TMPDIR)).toEqual([]);
});
