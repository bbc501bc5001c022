import { describe, expect, test } from 'vitest';
import { chooseLanguage, type Wishes } from '../../core/words/choose.ts';

describe('the language of a page, OpenID Connect Core 1.0 §3.1.2.1, RFC 9110 §12.5.4', () => {
  test.for<[string, Wishes, string | undefined]>([
    ['the account’s', { account: 'ja', uiLocales: 'fr', acceptLanguage: 'de' }, 'ja'],
    ['else the first of ui_locales', { uiLocales: 'fr de', acceptLanguage: 'de' }, 'fr'],
    ['else the browser’s', { acceptLanguage: 'de' }, 'de'],
    ['the next one where the account’s is not spoken here', { account: 'tlh', uiLocales: 'ko' }, 'ko'],
    ['the next of ui_locales where the first is not spoken', { uiLocales: 'nl  fr-CA' }, 'fr'],
    ['none where nothing is asked for', {}, undefined],
    ['none where all that is asked for is not spoken', { uiLocales: 'nl', acceptLanguage: 'fi, et;q=0.5' }, undefined],
  ])('is %s', ([, wishes, language]) => {
    expect(chooseLanguage(wishes)).toBe(language);
  });

  test.for([
    ['en-GB', 'en'],
    ['DE_at', undefined],
    ['de-AT', 'de'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['zh', 'zh-Hans'],
    ['zh-CN', 'zh-Hans'],
    ['zh-SG', 'zh-Hans'],
    ['zh-TW', undefined],
    ['zh-Hant-HK', undefined],
    ['ja-JP-u-ca-japanese', 'ja'],
    ['es-419', 'es'],
  ] as const)('takes %s for %s: what matters is language and script', ([tag, language]) => {
    expect(chooseLanguage({ acceptLanguage: tag })).toBe(language);
  });

  test.for([
    ['fr;q=0.5, ja;q=0.9, de;q=0.1', 'ja'],
    ['fr;q=0.5, ja;q=0.5', 'fr'],
    ['fr; Q = 0.2 , de', 'de'],
    ['de;q=0, ko', 'ko'],
    ['de;q=0', undefined],
    ['de;q=2, ko;q=0.1', 'ko'],
    ['de;q=many, ko;q=0.1', 'ko'],
    ['*', undefined],
    ['*;q=0.9, ja;q=0.1', 'ja'],
    ['nl, *;q=0.5, fr;q=0.4', 'fr'],
    ['', undefined],
    [', ,;;q=,=', undefined],
    ['\u0000de', undefined],
    ['<script>, ja', 'ja'],
    [`${'x'.repeat(5_000)}, ja`, undefined],
    [`${Array.from({ length: 40 }, () => 'nl').join(',')},ja`, undefined],
    ['constructor, __proto__, ja', 'ja'],
  ] as const)('reads the header %j as %s', ([acceptLanguage, language]) => {
    expect(chooseLanguage({ acceptLanguage })).toBe(language);
  });
});
