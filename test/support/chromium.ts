import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, inject } from 'vitest';
import type { Chromium } from './chromium.setup.ts';

const quiet = ['background-networking', 'component-update', 'sync', 'quic', 'gpu'].map((part) => `--disable-${part}`);

/** The browser of a test file. It starts when a test first asks for it: if it cannot, each test that needs it fails. */
export function browserOfFile(): () => Promise<Browser> {
  let starting: Promise<Browser> | undefined;
  afterAll(async () => {
    const [started] = await Promise.allSettled([starting]);
    if (started.status === 'fulfilled') await started.value?.close();
  });
  return () => {
    starting ??= start(inject('chromium'));
    return starting;
  };
}

/** What the console of a page warns of, and the errors of its scripts, from now on. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}

async function start(found: Chromium): Promise<Browser> {
  if ('missing' in found) throw new Error(found.missing);
  return chromium.launch({
    executablePath: found.executablePath,
    args: ['--headless', '--no-sandbox', '--no-first-run', ...quiet],
    env: { ...process.env, ...found.env },
  });
}
