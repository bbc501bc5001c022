import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import * as z from 'zod';

/** The surfaces of a page, light and dark, and the text on a button of the operator's colour (`core/http/page.ts`). */
const surfaces = { light: ['#ffffff'], dark: ['#20202b', '#15151d'] } as const;
const DEFAULT_ACCENT = '#4338ca';
/** What text needs against its ground. WCAG 2.2 §1.4.3. */
const LEAST_CONTRAST = 4.5;
const LARGEST_LOGO = 20_000;
const logoTypes: Readonly<Record<string, string>> = { '.svg': 'image/svg+xml', '.png': 'image/png' };

const page = z.url({ protocol: /^https$/ });

/** How an operator's pages look. */
export const brand = z
  .strictObject({
    /** The path of an SVG or PNG file of at most 20 KB, relative to where `npm run deploy` runs. */
    logo: z
      .string()
      .refine((path) => extname(path) in logoTypes, 'must be the path of a .svg or .png file')
      .optional(),
    /** The colour of buttons and links on light pages. Dark pages use a lighter one derived from it. */
    accent: z
      .string()
      .regex(/^#[0-9a-f]{6}$/i, 'must be a colour such as #4338ca')
      .refine((colour) => contrastOf(colour, '#ffffff') >= LEAST_CONTRAST, {
        error: ({ input }) =>
          `has a contrast of ${contrastOf(String(input), '#ffffff').toFixed(1)} to 1 with white, and text needs 4.5 to 1; ${readable(String(input), 'light')} would do`,
      })
      .optional(),
    privacy: page.optional(),
    terms: page.optional(),
    support: z.union([page, z.email()]).optional(),
  })
  .prefault({});

type Brand = z.output<typeof brand>;

/** The colour for light and for dark pages. */
export function accentOf(colour = DEFAULT_ACCENT): { readonly light: string; readonly dark: string } {
  return { light: colour, dark: readable(colour, 'dark') };
}

/** The logo as the pages' own server sends it. Throws when the file is missing or too large. */
export function logoOf(path: string | undefined): { readonly type: string; readonly base64: string } | null {
  if (path === undefined) return null;
  const content = readFileSync(path);
  if (content.length > LARGEST_LOGO) {
    throw new Error(
      `vestibule.config.ts is not valid:\n  brand.logo: ${path} has ${content.length} bytes; at most ${LARGEST_LOGO} are allowed`,
    );
  }
  return { type: logoTypes[extname(path)] ?? '', base64: content.toString('base64') };
}

/** Where the links below every page lead. */
export function linksOf({ privacy, terms, support }: Brand): Readonly<Record<string, string>> {
  const address = support?.includes('@') && !support.startsWith('https:') ? `mailto:${support}` : support;
  const all = Object.entries({ privacy, terms, support: address });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The nearest colour that has enough contrast: darker for light surfaces, lighter for dark ones. */
function readable(colour: string, theme: keyof typeof surfaces): string {
  const [towards, grounds]: readonly [number, readonly string[]] = [theme === 'light' ? 0 : 255, surfaces[theme]];
  const steps = Array.from({ length: 101 }, (_, percent) => mixed(colour, towards, percent / 100));
  return steps.find((one) => grounds.every((ground) => contrastOf(one, ground) >= LEAST_CONTRAST)) ?? colour;
}

function mixed(colour: string, towards: number, share: number): string {
  const parts = channelsOf(colour).map((channel) => Math.round(channel + (towards - channel) * share));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function channelsOf(colour: string): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

/** The contrast of two colours, from 1 to 21. WCAG 2.2, contrast ratio. */
function contrastOf(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
