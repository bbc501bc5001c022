import { describe, expect, test } from 'vitest';
import { findChromium } from '../support/chromium.setup.ts';

describe('the browser of these tests', () => {
  test.for([
    ['linux', 'arm64'],
    ['darwin', 'arm64'],
    ['win32', 'x64'],
  ] as const)('is asked for in one sentence where npm brings none: on %s %s', async ([platform, arch]) => {
    expect(await findChromium({ platform, arch, env: {} })).toEqual({
      missing: `npm brings no browser for ${platform} ${arch}: set CHROMIUM to the path of a Chromium or Chrome.`,
    });
  });

  test('is the one that CHROMIUM names, on every platform', async () => {
    const named = { executablePath: '/opt/chrome', env: {} };
    for (const platform of ['linux', 'darwin'] as const) {
      expect(await findChromium({ platform, arch: 'x64', env: { CHROMIUM: '/opt/chrome' } })).toEqual(named);
    }
  });
});
