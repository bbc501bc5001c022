import { beforeAll, describe, expect, inject, test } from 'vitest';
import { browserOfFile } from '../support/chromium.ts';
import { dark, desktop, type Look, languages, look, looksAt, patience, phone, pictures } from '../support/looks.ts';
import { everyPage, type Shown } from '../support/pages.ts';

const issuer = inject('issuer');
const chrome = browserOfFile();

const inReadme = ['email', 'consent-site', 'account'];
const largest = 30 * 1_024;

/**
 * Saves the pictures that README.md shows, light and dark. Scripts are off, because the consent page's script greys out
 * its buttons at first.
 */
async function picturesForReadme(shown: readonly Shown[], { name: look, colorScheme }: Look): Promise<void> {
  const viewport = { width: 480, height: 900 };
  const small = { viewport, deviceScaleFactor: 0.75, colorScheme, javaScriptEnabled: false } as const;
  const context = await (await chrome()).newContext(small);
  const page = await context.newPage();
  for (const { name, html } of shown.filter(({ name }) => inReadme.includes(name))) {
    await page.setContent(html.replaceAll(/person-[\w-]+@/g, 'ada@'));
    await page.screenshot({ path: `docs/pictures/${name}-${look}.jpg`, type: 'jpeg', quality: 40 });
  }
  await context.close();
}

describe('every page and mail, in every state', () => {
  let english: readonly Shown[];
  /** What axe found on each page, in all looks together. */
  const axeFound = new Map<string, number>();

  beforeAll(async () => {
    english = await everyPage(issuer, 'en');
  });

  test.for([desktop, dark, phone])('passes axe, and fits: $name', { timeout: patience }, async (one) => {
    const found = await look(english, { chrome, language: 'en', one, check: true });
    for (const [state, violations] of found) axeFound.set(state, (axeFound.get(state) ?? 0) + violations.length);
    if (pictures !== undefined && one !== phone) await picturesForReadme(english, one);
    expect(found.filter(([, violations, isCrooked]) => violations.length > 0 || isCrooked)).toEqual([]);
  });

  test('is small', () => {
    const table = english.map(({ name, html }) => ({
      page: name,
      bytes: Buffer.byteLength(html),
      axe: axeFound.get(name),
    }));
    console.table(table);
    expect(english.length).toBeGreaterThan(30);
    expect(table.filter(({ bytes }) => bytes > largest)).toEqual([]);
  });

  test.for(languages.slice(1))(
    'is in %s where the browser asks for it, and fits a phone',
    { timeout: patience },
    async (language) => {
      const shown = await everyPage(issuer, language);
      expect(shown.map(({ name }) => name)).toEqual(english.map(({ name }) => name));
      for (const { name, html } of shown)
        expect([name, /<html lang="([^"]*)"/.exec(html)?.[1]]).toEqual([name, language]);
      const found = await Promise.all(looksAt(language).map((one) => look(shown, { chrome, language, one })));
      expect(found.flat().filter(([, , isCrooked]) => isCrooked)).toEqual([]);
    },
  );

  test('has no name in braces left where a value belongs', () => {
    const shown = english.map(
      ({ name, html, text = '' }) => [name, text + html.replaceAll(/<(script|style)\b.*?<\/\1>/gs, '')] as const,
    );
    expect(shown.filter(([, seen]) => /\{\w+\}/.test(seen)).map(([name]) => name)).toEqual([]);
  });

  test('fits a phone from right to left', async () => {
    const turned = english.map(({ name, html }) => ({ name, html: html.replace('dir="ltr">', 'dir="rtl">') }));
    const found = await look(turned, { chrome, language: 'rtl', one: phone });
    expect(found.filter(([, , isCrooked]) => isCrooked)).toEqual([]);
  });

  test.for(['ltr', 'rtl'])('shows the code in the middle of its field: %s', async (direction) => {
    const html = english.find(({ name }) => name === 'code')?.html ?? '';
    const page = await (await chrome()).newPage();
    await page.setContent(html.replace('dir="ltr">', `dir="${direction}">`));
    const align = await page.evaluate('getComputedStyle(document.querySelector("input.code")).textAlign');
    await page.close();
    expect(align).toBe('center');
  });
});
