/**
 * The real Claude Code, run by `npm run test:claude-code` and not by `npm test`, since it is a few hundred megabytes.
 * It needs no account. Where a server takes metadata documents, Claude Code names one on the web for its id, which a
 * server without a network can't read; so here the server takes none, and Claude Code registers.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ClaudeCode, installClaudeCode } from '../support/claude-code.ts';
import { isAccepted, refresh } from '../support/flow.ts';
import { refusal } from '../support/redemption.ts';
import { startStackWith } from '../support/settings-stack.ts';
import { signIn } from '../support/sign-in.ts';
import type { RunningStack } from '../support/stack.ts';

const MINUTES = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'vestibule-claude-code-install-'));
let program: string;
let stack: RunningStack;
beforeAll(async () => {
  program = await installClaudeCode(folder);
  stack = await startStackWith({ registration: { metadataDocuments: false } });
}, 10 * MINUTES);
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true });
}, MINUTES);

/** Claude Code that knows the server, and has not signed in. */
async function added(): Promise<ClaudeCode> {
  const claude = new ClaudeCode(program);
  onTestFinished(() => claude.remove());
  await claude.mcp('add', '--transport', 'http', 'vestibule', stack.mcpUrl);
  return claude;
}

test(
  'Claude Code sees that it must sign in, signs in at the terminal, and is connected',
  async () => {
    const claude = await added();
    expect(await claude.mcp('list')).toMatch(/vestibule: .*Needs authentication/);
    let asked: URL | undefined;
    await claude.login('vestibule', (url) => {
      asked = url;
      return signIn(url);
    });
    expect(asked?.searchParams.get('resource')).toBe(stack.mcpUrl);
    expect(await claude.mcp('list')).toMatch(/vestibule: .*Connected/);
    expect(await isAccepted(stack.issuer, claude.stored().accessToken)).toBe(true);
  },
  2 * MINUTES,
);

test(
  'Claude Code signs out, and its tokens are of no use any more',
  async () => {
    const claude = await added();
    await claude.login('vestibule', (url) => signIn(url));
    const { accessToken, refreshToken, clientId } = claude.stored();
    expect(await isAccepted(stack.issuer, accessToken)).toBe(true);
    await claude.mcp('logout', 'vestibule');
    expect(await isAccepted(stack.issuer, accessToken)).toBe(false);
    expect(await refusal(await refresh(stack.issuer, clientId, refreshToken))).toBe('400 invalid_grant');
    expect(await claude.mcp('list')).toMatch(/vestibule: .*Needs authentication/);
  },
  2 * MINUTES,
);
