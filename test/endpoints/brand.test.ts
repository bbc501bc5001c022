import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Browser } from '../support/browser.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><script>alert(1)</script></svg>';
const folder = mkdtempSync(join(tmpdir(), 'vestibule-logo-'));
let stack: RunningStack;

beforeAll(async () => {
  const logo = join(folder, 'logo.svg');
  writeFileSync(logo, svg);
  const links = {
    privacy: 'https://example.com/privacy',
    terms: 'https://example.com/terms',
    support: 'help@example.com',
  };
  stack = await startStackWith({ name: 'Acme & Söhne', language: 'de', brand: { logo, accent: '#006644', ...links } });
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true });
});

describe('the brand of an operator', () => {
  test('is on every page, in the language of the deployment where a browser asks for none', async () => {
    for (const path of ['/', '/authorize']) {
      const { html, headers } = await new Browser(stack.issuer).open(path);
      expect(html).toContain('<html lang="de" dir="ltr">');
      expect(html).toContain('<img src="/brand/logo" alt="" width="32" height="32"><bdi>Acme &amp; Söhne</bdi>');
      expect(html).toContain('--accent: #006644');
      expect(html).toContain('<a href="https://example.com/privacy">Datenschutz</a>');
      expect(html).toContain('<a href="mailto:help@example.com">Hilfe</a>');
      expect(headers.get('content-security-policy')).toContain("img-src 'self'");
    }
  });

  test('has its logo from here, which can do nothing when it is opened by itself', async () => {
    const response = await fetch(`${stack.issuer}/brand/logo`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    );
    expect(await response.text()).toBe(svg);
    expect((await fetch(`${stack.issuer}/brand/logo`, { method: 'HEAD' })).status).toBe(200);
  });
});
