import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe has against a page: WCAG 2.2 AA and its best practices, and targets that are too small. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  // It outlives new content of the same window, and loading it takes longer than running it.
  if (!(await page.evaluate("typeof axe === 'object'"))) await page.evaluate(axe.source);
  // What it found to be right is a hundred times as much, and stays in the browser.
  const violations = (await page.evaluate(
    "axe.run({ rules: { 'target-size': { enabled: true } } }).then(({ violations }) => violations)",
  )) as axe.AxeResults['violations'];
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
