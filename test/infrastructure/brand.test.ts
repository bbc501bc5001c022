import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { accentOf, linksOf, logoOf } from '../../lib/brand.ts';
import { defineSettings } from '../../lib/settings.ts';

const withBrand = (brand: object) => () => defineSettings({ sender: 'sign-in@example.com', brand });

function fileWith(name: string, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-brand-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

describe('the colour of an operator, WCAG 2.2 §1.4.3', () => {
  test.for([
    ['#00aa77', 'has a contrast of 3.0 to 1 with white, and text needs 4.5 to 1; #00865e would do'],
    ['#ffffff', 'has a contrast of 1.0 to 1 with white, and text needs 4.5 to 1'],
    ['#FFEE00', 'would do'],
    ['teal', 'must be a colour such as #4338ca'],
    ['#12345', 'must be a colour such as #4338ca'],
  ] as const)('%s is refused where text could not be read on it', ([accent, words]) => {
    expect(withBrand({ accent })).toThrow(words);
  });

  test.for(['#4338ca', '#000000', '#006644', '#B00020'])(
    '%s is taken, and has a lighter one for dark pages',
    (accent) => {
      expect(withBrand({ accent })).not.toThrow();
      const { light, dark } = accentOf(accent);
      expect(light).toBe(accent);
      expect(dark).toMatch(/^#[0-9a-f]{6}$/);
      expect(Number.parseInt(dark.slice(1, 3), 16)).toBeGreaterThanOrEqual(Number.parseInt(accent.slice(1, 3), 16));
    },
  );
});

describe('the logo of an operator', () => {
  test('is an SVG or PNG file of at most 20 KB', () => {
    const small = fileWith('logo.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
    expect(logoOf(small)).toEqual({ type: 'image/svg+xml', base64: expect.any(String) });
    expect(() => logoOf(fileWith('logo.png', 'x'.repeat(20_001)))).toThrow(
      'has 20001 bytes; at most 20000 are allowed',
    );
    expect(withBrand({ logo: 'logo.gif' })).toThrow('must be the path of a .svg or .png file');
  });
});

describe('the links below a page', () => {
  test('lead to pages of the web, and help to an address too', () => {
    const { brand } = withBrand({ privacy: 'https://example.com/privacy', support: 'help@example.com' })();
    expect(linksOf(brand)).toEqual({ privacy: 'https://example.com/privacy', support: 'mailto:help@example.com' });
  });

  test.for(['http://example.com', 'javascript:alert(1)', 'example.com'])('never lead to %s', (privacy) => {
    expect(withBrand({ privacy })).toThrow('brand.privacy');
  });
});
