import { endpoint } from '#core/http/endpoint.ts';
import type { Request } from '#core/http/request.ts';
import { empty, type Response } from '#core/http/response.ts';
import { wordsFor } from '#core/http/words-for.ts';
import { paths } from '#core/routes.ts';
import { accountPages } from '#core/sign-in/account-notice.ts';
import { sessionsOf } from '#core/store/sessions.ts';
import {
  changeLanguage,
  disconnectEvery,
  disconnectOne,
  endOneSession,
  endOtherSessions,
  signOut,
  signOutEverywhere,
} from './actions.ts';
import { showActivity } from './activity.ts';
import { connectionsOf } from './connections.ts';
import { deleteAccount, showDeletion } from './delete-account.ts';
import { downloadData, showData } from './download.ts';
import { accountPage } from './pages/account-page.ts';
import { closedPage } from './pages/delete-page.ts';
import { outcomePage } from './pages/outcome-page.ts';
import { expired, outdated } from './refusals.ts';
import { beginSignIn, signInFor } from './sign-in.ts';
import { type Posted, posted, type Visitor, visitorOf } from './visitor.ts';

/** Where a list of connections may go on. */
/** How many browsers the page lists. To sign out all others is to sign out those beyond them, too. */
const MOST_SESSIONS = 100;
const PLACE = /^GRANT#[\w~]{1,100}$/;

/** A page, and as how many requests it counts: one that reads the audit does so for weeks. */
type Shown = { readonly show: (visitor: Visitor, request: Request) => Promise<Response>; readonly weight: number };

const shown = new Map<string, Shown>([
  [paths.account, { show: showAccount, weight: 1 }],
  [paths.accountActivity, { show: showActivity, weight: 5 }],
  [paths.accountData, { show: showData, weight: 1 }],
  [paths.accountDelete, { show: showDeletion, weight: 1 }],
]);

const actions = new Map<string, (posted: Posted, request: Request) => Promise<Response>>([
  [paths.accountDisconnect, disconnectOne],
  [paths.accountDisconnectAll, disconnectEvery],
  [paths.accountEndSession, endOneSession],
  [paths.accountEndSessions, endOtherSessions],
  [paths.accountSignOut, signOut],
  [paths.accountEndEverything, signOutEverywhere],
  [paths.accountLanguage, changeLanguage],
  [paths.accountData, downloadData],
  [paths.accountDelete, deleteAccount],
]);

/** As how many requests a form counts that reads all that is kept of a person. */
const weights = new Map<string, number>([[paths.accountData, 20]]);

/** The account page: what its person has connected and where they are signed in. Nothing changes but by a form of its own. */
export const handler = endpoint((request) => (request.method === 'POST' ? act(request) : show(request)), accountPages);

async function show(request: Request): Promise<Response> {
  if (request.path === paths.accountSignIn) return beginSignIn(request);
  const page = shown.get(request.path);
  if (!page) return actions.has(request.path) ? empty(303, { location: paths.account }) : noSuchPage(request);
  const visitor = await visitorOf(request, page.weight);
  return visitor ? page.show(visitor, request) : empty(303, { location: signInFor(request.path) });
}

async function act(request: Request): Promise<Response> {
  const action = actions.get(request.path);
  if (!action) return noSuchPage(request);
  const read = await posted(request, weights.get(request.path));
  if (read === 'closed') return closedPage(await wordsFor(request));
  if (read === 'signed-out') return expired(await wordsFor(request));
  if (read === 'outdated') return outdated(await wordsFor(request));
  return action(read, request);
}

async function noSuchPage(request: Request): Promise<Response> {
  const words = await wordsFor(request);
  const { pageGoneTitle: title, pageGone: text } = words.account;
  return outcomePage(words, { title, text, status: 404 });
}

async function showAccount(visitor: Visitor, request: Request): Promise<Response> {
  const after = PLACE.exec(request.query.get('after') ?? '')?.[0];
  const [{ connections, next }, sessions] = await Promise.all([
    connectionsOf(visitor, request, after),
    sessionsOf(visitor.person, request.now),
  ]);
  const newest = sessions.toSorted((one, other) => other.signedInAt - one.signedInAt).slice(0, MOST_SESSIONS);
  return accountPage({ visitor, connections, next, sessions: newest });
}
