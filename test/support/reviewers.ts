import { operate } from './admin-lambda.ts';
import { Browser, type Page } from './browser.ts';
import { beginSignIn, newAddress, newSourceIp } from './flow.ts';
import { newTenant } from './machines.ts';

/** A reviewer as the command that adds one tells of them. */
export type Reviewer = {
  readonly address: string;
  readonly tenant: string;
  readonly password: string;
  readonly expires_at: string;
};

type Options = { readonly address?: string; readonly tenant?: string; readonly days?: number };

/** Gives an address a password, in a new tenant unless one is named. */
export async function newReviewer(issuer: string, options: Options = {}, secondsFromNow = 0): Promise<Reviewer> {
  const { address = newAddress(), tenant = await newTenant(issuer), days } = options;
  return (await operate(issuer, 'reviewers add', { address, tenant, days }, secondsFromNow)) as Reviewer;
}

/** Opens a window in which a code for the address is asked for. */
export async function awaiting(issuer: string, address: string, headers: Readonly<Record<string, string>> = {}) {
  const browser = new Browser(issuer, { ...newSourceIp(), ...headers });
  const window = await beginSignIn(issuer, { browser });
  const page = await browser.post('/authorize/email', { ...window.fields, email: address });
  return { ...window, page };
}

/** Types a text where the code is asked for, on the page that says how many tries are left. */
export function type(
  { browser, fields }: Pick<Awaited<ReturnType<typeof awaiting>>, 'browser' | 'fields'>,
  text: string,
  triesLeft = 5,
): Promise<Page> {
  return browser.post('/authorize/code', { ...fields, code: text, tries: String(triesLeft) });
}
