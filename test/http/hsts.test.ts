import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { writeGenerated } from '../../lib/generate.ts';
import { defineSettings } from '../../lib/settings.ts';

const top = { name: 'example.com', hostedZone: { id: 'Z1', name: 'example.com' } };
const below = { ...top, name: 'mcp.example.com' };

beforeEach(() => void vi.resetModules());

/** What the bundles of a server at this domain know of it. */
function ownsSubdomains(domain: typeof top | undefined): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-generated-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'settings.js');
  writeGenerated(defineSettings({ sender: 'sign-in@example.com', ...(domain && { domain }) }), file);
  return /ownsSubdomains = true/.test(readFileSync(file, 'utf8'));
}

test.for([
  ['at the address that API Gateway gives', undefined, true],
  ['at a name of its own', below, true],
  ['at the top of a domain, where others live below', top, false],
] as const)('the names below are held to https too, but not those of others: %s', async ([, domain, expected]) => {
  expect(ownsSubdomains(domain)).toBe(expected);
  vi.doMock('#generated', () => ({ ownsSubdomains: expected }));
  const { toResult } = await import('#core/http/response.ts');
  const sent = toResult({ status: 200 }, {}).headers?.['strict-transport-security'];
  expect(sent).toBe(`max-age=63072000${expected ? '; includeSubDomains' : ''}`);
});
