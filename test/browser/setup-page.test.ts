import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { browserOfFile, complaintsOf } from '../support/chromium.ts';

const issuer = inject('issuer');
const chrome = browserOfFile();

async function openPage(
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const context = await (await chrome()).newContext(options);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(issuer);
  return { page, complaints };
}

describe('the page that says how to connect', () => {
  test('copies each line at the click of the button beside it', async () => {
    const { page, complaints } = await openPage({ permissions: ['clipboard-read', 'clipboard-write'] });
    const lines = await page.locator('.copy').all();
    expect(lines.length).toBeGreaterThanOrEqual(4);
    for (const line of lines) {
      await line.getByRole('button', { name: 'Copy' }).click();
      await line.getByRole('button', { name: 'Copied' }).waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await line.locator('pre').textContent());
    }
    expect(complaints).toEqual([]);
  });

  test('can be read without its script, and then has no buttons that would do nothing', async () => {
    const { page } = await openPage({ javaScriptEnabled: false });
    for (const client of ['Claude', 'ChatGPT', 'Cursor', 'VS Code']) {
      expect(await page.getByRole('heading', { name: client, exact: true }).isVisible()).toBe(true);
    }
    expect(await page.locator('pre').first().textContent()).toBe(`${issuer}/mcp`);
    expect(await page.getByRole('button').count()).toBe(0);
  });

  test('can be read and used with the keyboard', async () => {
    const { page } = await openPage({ permissions: ['clipboard-read', 'clipboard-write'] });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    const [first] = await page.getByRole('button', { name: 'Copy' }).all();
    await first?.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`${issuer}/mcp`);
  });

  test('runs no script but its own', async () => {
    const { page, complaints } = await openPage();
    const ran = await page.evaluate(`new Promise((resolve) => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      setTimeout(() => resolve(window.injected === true));
    })`);
    expect(ran).toBe(false);
    expect(complaints.join()).toMatch(/Content Security Policy/);
  });
});
