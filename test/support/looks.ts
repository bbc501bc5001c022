import { mkdirSync } from 'node:fs';
import { violationsOf } from './axe.ts';
import type { browserOfFile } from './chromium.ts';
import type { Shown } from './pages.ts';

/** `npm run screenshots` sets it to a folder, for a picture of every page in every language. */
export const pictures = process.env.SCREENSHOTS;

/** Pictures take longer than the looks do. */
export const patience = pictures === undefined ? 120_000 : 600_000;

/** The looks at a language that axe need not see. German has the longest words beside those of a list. */
export function looksAt(language: string): readonly Look[] {
  if (pictures !== undefined) return [desktop, dark, phone];
  return language === 'de' ? [desktop, phone] : [phone];
}

export const languages = ['en', 'de', 'fr', 'es', 'pt-BR', 'ja', 'ko', 'zh-Hans'];

/** How a page is looked at. */
export type Look = { readonly name: string; readonly colorScheme: 'light' | 'dark'; readonly width: number };
export const desktop: Look = { name: 'light', colorScheme: 'light', width: 1_100 };
export const dark: Look = { name: 'dark', colorScheme: 'dark', width: 1_100 };
export const phone: Look = { name: 'phone', colorScheme: 'light', width: 360 };

type Looking = {
  readonly chrome: ReturnType<typeof browserOfFile>;
  readonly language: string;
  readonly one: Look;
  /** Whether axe looks, too. */
  readonly check?: boolean;
};

/**
 * True if the page is wider than its window, a word of a button is broken in two, or what stands beside the term of a
 * list has less than half of its width.
 */
const isCrooked = `(() => {
  const isBroken = (text) =>
    [...text.data.matchAll(/\\p{Script=Latin}{2,25}(?!\\p{L})/gu)].some(({ 0: word, index }) => {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1;
    });
  const texts = [...document.querySelectorAll('button')].flatMap(({ childNodes }) => [...childNodes]);
  const isSqueezed = (one) => one.offsetWidth * 2 < one.parentElement.offsetWidth;
  return (
    document.documentElement.scrollWidth > innerWidth ||
    texts.some((one) => one.nodeType === 3 && isBroken(one)) ||
    [...document.querySelectorAll('dt + dd')].some(isSqueezed)
  );
})()`;

/** What axe finds on each page, and whether the page is crooked. */
export async function look(shown: readonly Shown[], { chrome, language, one, check = false }: Looking) {
  const { name, colorScheme, width } = one;
  const context = await (await chrome()).newContext({ colorScheme, viewport: { width, height: 800 } });
  const page = await context.newPage();
  const found: (readonly [name: string, violations: readonly string[], isCrooked: boolean])[] = [];
  for (const { name: state, html } of shown) {
    await page.setContent(html);
    const crooked = (await page.evaluate(isCrooked)) as boolean;
    found.push([state, check ? await violationsOf(page) : [], crooked]);
    if (pictures === undefined) continue;
    mkdirSync(`${pictures}/${language}`, { recursive: true });
    await page.screenshot({ path: `${pictures}/${language}/${state}-${name}.png`, fullPage: true });
  }
  await context.close();
  return found;
}
