import { html } from '#core/http/html.ts';
import type { Picture } from '#core/store/logos.ts';

/** A picture of the first letter of a name, for where there is no other. */
export function initialOf(name: string): Picture {
  const [first] = new Intl.Segmenter().segment(name);
  const { text } =
    html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="#5a5a6b"/><text x="20" y="20" dy=".36em" text-anchor="middle" font-family="system-ui,sans-serif" font-size="20" font-weight="600" fill="#fff">${first?.segment}</text></svg>`;
  return { type: 'image/svg+xml', bytes: Buffer.from(text) };
}
