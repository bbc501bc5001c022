import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
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
  try {
    const app = new App({ outdir: folder });
    new VestibuleStack(app, 'Vestibule', defineSettings({ sender: 'sign-in@vestibule.example', ...changes }));
    app.synth();
    return await startStack({ ...options, env: { ...options.env, ASSEMBLY_DIR: folder } });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
