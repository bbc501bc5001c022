import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { vi } from 'vitest';
import { defineSettings } from '../../lib/settings.ts';
import { VestibuleStack } from '../../lib/stack.ts';
import { type RunningStack, startStack } from './stack.ts';

/** What a test sets differently. */
export type SettingChanges = Partial<Parameters<typeof defineSettings>[0]>;

/** Runs the whole stack as an operator with these settings deploys it. */
export async function startStackWith(
  changes: SettingChanges,
  options: Parameters<typeof startStack>[0] = {},
): Promise<RunningStack> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-settings-'));
  const assembly = join(folder, 'assembly');
  try {
    synthesise(changes, folder, assembly);
    return await startStack({ ...options, env: { ...options.env, ASSEMBLY_DIR: assembly } });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The bundles are made in a temporary folder that lasts as long as the process, which is longer than a test wants. */
function synthesise(changes: SettingChanges, temporary: string, outdir: string): void {
  vi.stubEnv('TMPDIR', temporary);
  try {
    const app = new App({ outdir });
    new VestibuleStack(app, 'Vestibule', defineSettings({ sender: 'sign-in@vestibule.example', ...changes }));
    app.synth();
  } finally {
    vi.unstubAllEnvs();
  }
}
