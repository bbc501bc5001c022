import { cpSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { words as english } from '../../core/words/languages/en.ts';
import { assemblyOf } from '../support/assembly.ts';
import { Browser, hiddenFields, type Page } from '../support/browser.ts';
import {
  authorizePath,
  mailedCode,
  mailsTo,
  newAddress,
  newPkce,
  newSourceIp,
  reachConsent,
  register,
} from '../support/flow.ts';
import { clientName, everyPage } from '../support/pages.ts';
import { startStack } from '../support/stack.ts';

const issuer = inject('issuer');

async function visit(headers: Record<string, string>, changes: Record<string, string> = {}) {
  const browser = new Browser(issuer, { ...newSourceIp(), ...headers });
  const { client_id: id } = await register(issuer);
  const page = await browser.open(authorizePath(id, newPkce().challenge, changes));
  return { browser, page, fields: hiddenFields(page) };
}

const languageOf = ({ html }: Page) => /<html lang="([^"]*)" dir="ltr">/.exec(html)?.[1];

describe('the language of the pages, OpenID Connect Core 1.0 §3.1.2.1, RFC 9110 §12.5.4', () => {
  test('is the one that the request asks for, before the browser’s, and stays so to the end', async () => {
    const { browser, page, fields } = await visit({ 'accept-language': 'fr' }, { ui_locales: 'tlh ja de' });
    const address = newAddress();
    const pages = [page, await browser.post('/authorize/email', { ...fields, email: address })];
    const typed = { ...fields, code: await mailedCode(issuer, address) };
    pages.push(await browser.post('/authorize/code', { ...fields, code: 'what?' }));
    pages.push(await browser.post('/authorize/code', typed));
    pages.push(await browser.post('/authorize/consent', { ...fields, decision: 'approve' }));
    expect(pages.map(languageOf)).toEqual(pages.map(() => 'ja'));
    const [mail] = await mailsTo(issuer, address);
    expect(mail?.subject).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4} が Vestibule のコードです$/);
    expect(mail?.html).toContain('<html lang="ja" dir="ltr">');
  });

  test('is the browser’s otherwise, on each page, and caches are told', async () => {
    for (const path of ['/', '/authorize']) {
      const { headers, ...page } = await new Browser(issuer, { 'accept-language': 'ko-KR, en;q=0.5' }).open(path);
      expect(languageOf({ ...page, headers })).toBe('ko');
      expect([headers.get('content-language'), headers.get('vary')]).toEqual(['ko', 'accept-language']);
    }
  });

  test('is English where it asks for none that there is', async () => {
    expect(languageOf((await visit({ 'accept-language': 'tlh' })).page)).toBe('en');
  });

  test('is told beforehand, RFC 8414 §2', async () => {
    const metadata = await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json();
    expect(metadata).toMatchObject({
      ui_locales_supported: ['en', 'de', 'fr', 'es', 'pt-BR', 'ja', 'ko', 'zh-Hans'],
    });
  });

  test('is kept where a window that has expired begins again', async () => {
    const { browser, fields } = await visit({ 'x-local-clock-offset': '0' }, { ui_locales: 'es' });
    const late = new Browser(issuer, { ...newSourceIp(), 'x-local-clock-offset': '1000' });
    for (const [name, value] of browser.cookies) late.cookies.set(name, value);
    const page = await late.post('/authorize/code', { ...fields, code: 'AAAA-AAAA' });
    expect(languageOf(page)).toBe('es');
    expect(page.html).toContain('ui_locales=es');
  });

  test('is that of scopes too, and of the mail about a connection', async () => {
    const { browser, page } = await visit({ 'accept-language': 'de' });
    const address = newAddress();
    const consent = await reachConsent(issuer, browser, page, address);
    expect(consent.page.html).toContain('Aufgaben anlegen, ändern und löschen');
    await browser.post('/authorize/consent', { ...consent.fields, decision: 'approve', scope: 'todos:read' });
    // An answer does not wait long for its notice to be sent.
    const about = 'Neue Verbindung mit Ihrem Konto bei Vestibule';
    const told = async () => (await mailsTo(issuer, address)).find(({ subject }) => subject === about)?.text ?? '';
    await expect.poll(told).toContain('Ihre Aufgaben ansehen');
  });
});

/** A catalogue in which every text stands in brackets and is longer, so that all that is outside them is not of it. */
function pseudo(texts: unknown): unknown {
  if (typeof texts === 'string')
    return texts === 'ltr' ? texts : `${texts.startsWith('{code}') ? '{code} ' : ''}⟦${texts}⟧`;
  return Object.fromEntries(Object.entries(texts ?? {}).map(([key, text]) => [key, pseudo(text)]));
}

/** An assembly whose Lambdas speak in brackets. Its bundles are links to those of all runs, so that each is copied first. */
async function pseudoAssembly(folder: string): Promise<readonly string[]> {
  cpSync(await assemblyOf(), folder, { recursive: true });
  const bundles = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'words/en.js')));
  for (const name of bundles) {
    const [own, shared] = [join(folder, name), realpathSync(join(folder, name))];
    rmSync(own, { recursive: true });
    cpSync(shared, own, { recursive: true });
    writeFileSync(join(own, 'words/en.js'), `exports.words = ${JSON.stringify(pseudo(english))};`);
  }
  return bundles;
}

/** What a page or mail shows, or has read out, that is not from the catalogue. Languages and times are named by `Intl`. */
function outsideOf(html: string): string {
  const attributes = [
    ...html.matchAll(/(?:aria-label|placeholder|alt|data-copy|data-copied|data-label)="([^"]*)"/g),
  ].map(([, value]) => value);
  const script = [...html.matchAll(/textContent = "([^"]*)"/g)].map(([, value]) => value);
  const own = html.replace(
    /<(style|script)\b.*?<\/\1>|<p lang="en".*?<\/p>|<pre.*?<\/pre>|<code.*?<\/code>|<option.*?<\/option>|<time.*?<\/time>|<bdi.*?<\/bdi>/gs,
    ' ',
  );
  const seen = own.replace(/<[^>]*>/g, ' ');
  const whole = [seen, ...attributes, ...script].join(' ');
  let text = whole;
  for (let inner = /⟦[^⟦⟧]*⟧/g; inner.test(text); ) text = text.replace(inner, ' ');
  return text;
}

/** What is shown that no catalogue can have: names, addresses, what is typed as it is, and texts of scopes. */
const notWords = [
  /Vestibule|Claude( Code)?|ChatGPT|Codex|Cursor|VS Code|Gemini CLI|Windsurf|Zed|MCP Inspector/g,
  /XXXX-XXXX|[A-Z2-9]{4}-[A-Z2-9]{4}/g,
  /See your to-dos|Add, change and delete your to-dos|Use the clock, calculator, weather and web search/g,
  /See which account and organization it’s connected to|Search your documents.*?activity|Add and change documents/g,
  /Delete everything stored in your entire workspace/g,
];

test('no page or mail has a text that is not of the catalogue, in any state', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-pseudo-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const spoken = await pseudoAssembly(folder);
  expect(spoken.length).toBeGreaterThan(1);
  const stack = await startStack({ env: { ASSEMBLY_DIR: folder } });
  onTestFinished(() => stack.stop());
  for (const { name, html, text = '' } of await everyPage(stack.issuer, 'en')) {
    expect([name, html.includes('⟦')]).toEqual([name, true]);
    const left = notWords.reduce((rest, pattern) => rest.replaceAll(pattern, ' '), outsideOf(html) + outsideOf(text));
    expect([name, left.replaceAll(clientName, ' ').match(/[\p{L}]{2,}/gu)]).toEqual([name, null]);
  }
});
