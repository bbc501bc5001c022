import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { scopes } from '../tools/scopes.ts';
import type { Settings } from './settings.ts';

/** Writes the module that the bundles import as `#generated`: the settings and the scopes as plain data. */
export function writeGenerated(settings: Settings, file: string): void {
  const { name, sender, allowedOrigins, lifetimes, limits, answerFloorMilliseconds } = settings;
  const definitions = Object.entries(scopes).map(([scope, { text, ...rest }]) => ({
    name: scope,
    text,
    implies: 'implies' in rest ? rest.implies : [],
  }));
  const values = { name, sender, allowedOrigins, lifetimes, limits, answerFloorMilliseconds, scopes: definitions };
  const lines = Object.entries(values).map(([key, value]) => `export const ${key} = ${JSON.stringify(value)};`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${lines.join('\n')}\n`);
}
