import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { vi } from 'vitest';
import { McpServer } from '../../lib/mcp-server.ts';
import { defineSettings } from '../../lib/settings.ts';
import { type RunningStack, startStack } from './stack.ts';

/** What a test sets differently. */
export type SettingChanges = Partial<Parameters<typeof defineSettings>[0]>;

/** How a stack is run, and the module whose tools it serves, if not the product's. */
type Options = NonNullable<Parameters<typeof startStack>[0]> & { readonly tools?: string };

/** Runs the whole stack as an operator with these settings deploys it. */
export async function startStackWith(
  changes: SettingChanges,
  { tools, ...options }: Options = {},
): Promise<RunningStack> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-settings-'));
  const assembly = join(folder, 'assembly');
  try {
    synthesise({ changes, tools, temporary: folder, outdir: assembly });
    return await startStack({ ...options, env: { ...options.env, ASSEMBLY_DIR: assembly } });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Synthesis = {
  readonly changes: SettingChanges;
  readonly tools: string | undefined;
  readonly temporary: string;
  readonly outdir: string;
};

/** The bundles are made in a temporary folder that lasts as long as the process, which is longer than a test wants. */
function synthesise({ changes, tools, temporary, outdir }: Synthesis): void {
  vi.stubEnv('TMPDIR', temporary);
  try {
    const app = new App({ outdir });
    const settings = defineSettings({ sender: 'sign-in@vestibule.example', ...changes });
    new McpServer(new Stack(app, 'Vestibule'), 'Default', { settings, ...(tools && { tools }) });
    app.synth();
  } finally {
    vi.unstubAllEnvs();
  }
}
