import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { vi } from 'vitest';
import type { SettingChanges } from './settings-stack.ts';
import { type RunningStack, startStack } from './stack.ts';

const entry = fileURLToPath(new URL('tools/index.ts', import.meta.url));

/** Runs the whole stack with the tools of `test/support/tools` in place of the product's. */
export async function startStackWithTools(
  changes: SettingChanges = {},
  options: Parameters<typeof startStack>[0] = {},
): Promise<RunningStack> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-tools-'));
  const assembly = join(folder, 'assembly');
  try {
    await synthesise(changes, folder, assembly);
    return await startStack({ ...options, env: { ...options.env, ASSEMBLY_DIR: assembly } });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function synthesise(changes: SettingChanges, temporary: string, outdir: string): Promise<void> {
  vi.stubEnv('TMPDIR', temporary);
  vi.resetModules();
  vi.doMock('../../tools/index.ts', () => import('./tools/index.ts'));
  try {
    const { replacements } = await import('../../lib/bundles.ts');
    const { VestibuleStack } = await import('../../lib/stack.ts');
    const { defineSettings } = await import('../../lib/settings.ts');
    Object.assign(replacements, { '#tools/index.ts': entry });
    const app = new App({ outdir });
    new VestibuleStack(app, 'Vestibule', defineSettings({ sender: 'sign-in@vestibule.example', ...changes }));
    app.synth();
  } finally {
    vi.doUnmock('../../tools/index.ts');
    vi.unstubAllEnvs();
  }
}
