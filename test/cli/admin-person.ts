import { beginSignIn, mailedCode, newAddress, type Tokens } from '../support/flow.ts';
import { callTool, outputOf } from '../support/mcp.ts';
import { type Member, connected as signedIn } from '../support/people.ts';

/** Whom a connection acts for, as its own tool says. */
export type Self = { readonly subject: string; readonly tenant: string; readonly role: string };

/** A person who has connected a client. */
export type Connected = Member & Self;

/** Signs a person in, and asks who they are. */
export async function connected(issuer: string, address = newAddress()): Promise<Connected> {
  const member = await signedIn(issuer, { address });
  return { ...member, ...(await self(issuer, member.tokens)) };
}

/** Whom an access token acts for now. Throws when it is refused. */
export async function self(issuer: string, { access_token }: Tokens): Promise<Self> {
  return outputOf(await callTool(issuer, access_token, 'whoami')) as Self;
}

/** Brings a browser so far that only the code is missing. Gives the last step of signing in, and the code for it. */
export async function beforeSignIn(issuer: string, address: string) {
  const { browser, fields } = await beginSignIn(issuer);
  await browser.post('/authorize/email', { ...fields, email: address });
  const code = await mailedCode(issuer, address);
  return () => browser.post('/authorize/code', { ...fields, code });
}
