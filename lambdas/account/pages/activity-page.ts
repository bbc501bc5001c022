import { type Html, html } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { wideStyle } from '#core/http/wide-style.ts';
import type { Client } from '#core/oauth/types.ts';
import { paths } from '#core/routes.ts';
import type { CallOutcome } from '#core/store/audit-events.ts';
import type { Registration } from '#core/store/clients.ts';
import { day, fill, moment, plural } from '#core/words/say.ts';
import type { Words } from '#core/words/words.ts';
import { auditSeconds, titles } from '#generated';
import type { Call, Calls } from '../calls.ts';
import type { Visitor } from '../visitor.ts';

type Activity = Calls & {
  readonly visitor: Visitor;
  /** The connection that it is of, if it is of one. */
  readonly connection: string | undefined;
  readonly clients: ReadonlyMap<Client['id'], Registration>;
};

const outcomes = {
  allowed: 'allowed',
  denied: 'denied',
  failed: 'callFailed',
  started: 'started',
  asked: 'asked',
  declined: 'declined',
} as const satisfies Readonly<Record<CallOutcome, keyof Words['account']>>;

/** What apps did as a person, when, and what became of it. */
export function activityPage({ visitor, calls, since, next, connection, clients }: Activity): Response {
  const { words } = visitor;
  const { account } = words;
  const more = next !== undefined && html`<p><a href="${activityPath(connection, next)}">${account.earlier}</a></p>`;
  return page({
    words,
    title: account.activityTitle,
    wide: wideStyle,
    body: html`<p>${plural(words, account.activity, Math.round(auditSeconds / 86_400))}</p>
${calls.length === 0 ? nothing(words, since) : table(words, calls, clients)}
${more}
<p><a href="${paths.account}">${account.back}</a></p>`,
  });
}

/** Where it says what was done under a connection, or under all of them. */
export function activityPath(connection?: string, before?: string): string {
  const query = new URLSearchParams();
  if (connection !== undefined) query.set('connection', connection);
  if (before !== undefined) query.set('before', before);
  return query.size === 0 ? paths.accountActivity : `${paths.accountActivity}?${query}`;
}

function nothing(words: Words, since: string): Html {
  return html`<p>${fill(words.account.noActivity, { date: day(words, Date.parse(since) / 1_000) })}</p>`;
}

function table(words: Words, calls: readonly Call[], clients: Activity['clients']): Html {
  const { account } = words;
  return html`<table>
<thead><tr><th scope="col">${account.when}</th><th scope="col">${account.what}</th><th scope="col">${account.byApp}</th><th scope="col">${account.outcome}</th></tr></thead>
<tbody>
${calls.map((call) => row(call, clients, words))}</tbody>
</table>`;
}

function row({ at, tool, clientId, outcome }: Call, clients: Activity['clients'], words: Words): Html {
  const { account, consent } = words;
  const registration = clients.get(clientId);
  const client = registration ? (registration.client.name ?? consent.unnamed) : account.goneApp;
  return html`<tr><td><time datetime="${at}">${moment(words, Date.parse(at) / 1_000)}</time></td><td>${shownTool(tool)}</td><td><bdi>${client}</bdi></td><td>${account[outcomes[outcome]]}</td></tr>
`;
}

/** Titles are written for clients, in English. What an app asked for that there is not has none. */
function shownTool(name: string): Html {
  const title = Object.hasOwn(titles, name) ? titles[name] : undefined;
  return title === undefined ? html`<bdi><code>${name}</code></bdi>` : html`<bdi lang="en">${title}</bdi>`;
}
