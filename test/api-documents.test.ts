import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const document = readFileSync(join(root, 'docs/api.md'), 'utf8');

test('every example of docs/api.md compiles', async () => {
  const examples = [...document.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
  expect(examples.length).toBeGreaterThan(5);
  mkdirSync(join(root, '.generated'), { recursive: true });
  const folder = mkdtempSync(join(root, '.generated/api-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [at, code] of examples.entries()) writeFileSync(join(folder, `example-${at}.ts`), code);
  const tsconfig = { extends: '../../tsconfig.json', include: ['*.ts'], exclude: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  const tsc = join(root, 'node_modules/.bin/tsc');
  await promisify(execFile)(tsc, ['-p', folder]).catch(({ stdout }) => expect.fail(stdout));
});

test('docs/api.md names every module and every value that the package shows', () => {
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const missing = Object.entries<string>(exports).flatMap(([entry, file]) => {
    if (entry === './package.json') return [];
    const title = `## \`${name}${entry.slice(1)}\``;
    const source = file.endsWith('.ts') ? readFileSync(join(root, file), 'utf8') : '';
    const shown = [...source.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, names = '']) => names.split(','));
    const names = shown.map((one) => one.replace(/\btype\b/, '').trim()).filter((one) => one !== '');
    const tested = ['TestedAnswer', 'TestedCall', 'McpServerProperties'];
    const unnamed = names.filter((one) => !tested.includes(one) && !document.includes(one));
    return [...(document.includes(title) ? [] : [title]), ...unnamed];
  });
  expect(missing).toEqual([]);
});
