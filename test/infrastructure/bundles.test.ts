import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { routes } from '#core/routes.ts';
import { largestBundle } from '../../bench/budgets.ts';
import { bundle } from '../../lib/bundles.ts';
import { defineSettings } from '../../lib/settings.ts';

const lambdas = [...Object.keys(routes), 'admin', 'bounces', 'public-key'];
let folder: string;

beforeAll(() => {
  folder = bundle(lambdas, defineSettings({ sender: 'sign-in@example.com' }));
});

describe('a small bundle starts fast', () => {
  test.for(lambdas)('%s', (name) => {
    const kilobytes = statSync(join(folder, name, 'index.js')).size / 1_024;
    expect(kilobytes).toBeLessThanOrEqual(largestBundle(name));
  });
});

/** The SDK names itself in the user agent and its errors, which no minifier removes. */
test.for(lambdas)('%s brings nothing of the AWS SDK along', (name) => {
  expect(readFileSync(join(folder, name, 'index.js'), 'utf8')).not.toMatch(/aws-sdk|@smithy|AWS SDK/);
});

test('for other settings come out as they would if none had been made before', async () => {
  const settings = defineSettings({
    sender: 'sign-in@example.com',
    name: 'Another',
    registration: { dynamic: false },
    lifetimes: { accessTokenSeconds: 60 },
  });
  const after = bundle(lambdas, settings);
  vi.resetModules();
  const { bundle: bundleAlone } = await import('../../lib/bundles.ts');
  const alone = bundleAlone(lambdas, settings);
  // The short names that esbuild gives follow how often each letter stands in all that it was given to read.
  const read = (name: string, where: string) =>
    readFileSync(join(where, name, 'index.js'), 'utf8').replaceAll(/(?<![\w$])[a-zA-Z_$][\w$]{0,2}(?![\w$])/g, '_');
  for (const name of lambdas) expect(read(name, after) === read(name, alone), name).toBe(true);
  const changed = lambdas.filter((name) => read(name, after) !== read(name, folder));
  expect(changed).toEqual(expect.arrayContaining(['authorize', 'discovery', 'mcp', 'token']));
  expect(changed).not.toContain('public-key');
});
