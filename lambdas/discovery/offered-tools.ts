import { type Html, html } from '#core/http/html.ts';
import { consentText } from '#core/sign-in/consent-text.ts';
import type { Words } from '#core/words/words.ts';
import { consentTexts, offers } from '#generated';

type Offer = (typeof offers)[number];

/** The tools by the permission they need, first those that only read: in the groups and words of the consent page. */
export function offeredTools(words: Words): Html {
  const { consent, home } = words;
  const scopes = [...new Set(offers.map(({ scope }) => scope))];
  const [reading, changing] = [false, true].map((changes) => scopes.filter((scope) => mayChange(scope) === changes));
  return html`<h2>${home.toolsTitle}</h2>
<p>${home.tools}</p>
<ul class="cards">
${group(consent.read, reading, words)}
${group(consent.change, changing, words)}
</ul>`;
}

function mayChange(scope: string): boolean {
  return consentTexts[scope]?.changes ?? offers.some((offer) => offer.scope === scope && offer.changes);
}

function group(title: string, scopes: readonly string[] | undefined, words: Words): Html {
  if (!scopes || scopes.length === 0) return html``;
  return html`<li>
<h3>${title}</h3>
${scopes.map((scope) => permission(scope, words))}</li>`;
}

function permission(scope: string, words: Words): Html {
  const tools = offers.filter((offer) => offer.scope === scope);
  return html`<p>${scope === 'public' ? words.home.publicTools : consentText(scope, words)}</p>
<ul class="soft">
${tools.map(
  (tool) => html`<li>${titleOf(tool, words)}</li>
`,
)}</ul>
`;
}

/** Titles are written for clients, in English. */
function titleOf({ title, role }: Offer, { home }: Words): Html {
  return html`<bdi lang="en">${title}</bdi>${role === 'admin' && html` (${home.forAdmins})`}`;
}
