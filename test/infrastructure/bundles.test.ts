import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { routes } from '#core/routes.ts';
import { bundle } from '../../lib/bundles.ts';
import { defineSettings } from '../../lib/settings.ts';

/** In KB. What is not named may have 120. */
const largest: Readonly<Record<string, number>> = {
  discovery: 60,
  authorize: 130,
  mcp: 550,
  passkeys: 600,
  provider: 160,
};
const lambdas = [...Object.keys(routes), 'admin', 'bounces', 'public-key'];
let folder: string;

beforeAll(() => {
  folder = bundle(lambdas, defineSettings({ sender: 'sign-in@example.com' }));
});

describe('a small bundle starts fast', () => {
  test.for(lambdas)('%s', (name) => {
    const kilobytes = statSync(join(folder, name, 'index.js')).size / 1_024;
    expect(kilobytes).toBeLessThan(largest[name] ?? 120);
  });
});

/** The SDK names itself in the user agent and its errors, which no minifier removes. */
test.for(lambdas)('%s brings nothing of the AWS SDK along', (name) => {
  expect(readFileSync(join(folder, name, 'index.js'), 'utf8')).not.toMatch(/aws-sdk|@smithy|AWS SDK/);
});
