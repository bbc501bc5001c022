import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { root } from '../../local/assembly.ts';

const parts = ['bin', 'cli', 'core', 'lambdas', 'lib', 'tools', 'cdk.json', 'package.json'];

/** A copy of this repository with these settings, for the length of a test. Gives its folder. */
export function checkoutWith(settings: object): string {
  const folder = newCheckout();
  onTestFinished(() => rmSync(folder, { recursive: true }));
  set(folder, settings);
  return folder;
}

/** A copy of this repository that shares its packages, without settings. Gives its folder. */
export function newCheckout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-checkout-'));
  for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Writes the settings of a copy. */
export function set(folder: string, settings: object): void {
  const lines = [
    `import { defineSettings } from './lib/settings.ts';`,
    `export const settings = defineSettings(${JSON.stringify(settings)});`,
  ];
  writeFileSync(join(folder, 'vestibule.config.ts'), lines.join('\n'));
}
