import type { Discovered } from '../shared/discovery.ts';
import { Failure } from '../shared/failure.ts';
import { walkThrough } from '../shared/mailbox.ts';
import { callTool } from '../shared/mcp.ts';
import { type Means, signIn } from '../shared/sign-in.ts';
import type { ClientIdentity } from '../shared/tokens.ts';
import { wire } from '../shared/wire.ts';
import type { people } from './cast.ts';

type Connection = (typeof people)[number]['connections'][number];

/** The server that all of this happens on. */
export type Scene = { readonly url: URL; readonly server: Discovered };

/** Registers a client as it would itself. A loopback redirect may be on any port. RFC 7591 §3.1, RFC 8252 §7.3. */
export async function registered({ server: { metadata } }: Scene, name: string): Promise<ClientIdentity> {
  const response = await wire(String(metadata.registration_endpoint), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: name,
      redirect_uris: ['http://127.0.0.1/callback'],
      token_endpoint_auth_method: 'none',
    }),
  });
  if (response.status !== 201) throw new Failure(`The client ${name} could not register: ${await response.text()}`);
  return (await response.json()) as ClientIdentity;
}

/** Signs somebody in to a client through the pages, with the code from the mailbox, and makes its calls. */
export async function connect(
  { url, server }: Scene,
  { address, client, calls }: { readonly address: string; readonly client: ClientIdentity } & Pick<Connection, 'calls'>,
): Promise<void> {
  const asked = { server, client, scope: (server.scopes ?? []).join(' ') };
  const { tokens } = await signIn(asked, {
    ...quiet,
    visit: (page, redirectUri) => walkThrough(page, { email: address, redirectUri, wire }),
  });
  for (const { tool, input = {} } of calls) await callTool({ url, token: tokens.access_token, wire }, tool, input);
}

/** Begins a sign-in that waits for somebody to open its page. */
export async function waitForSomebody(
  { server }: Scene,
  client: ClientIdentity,
  visit: (page: URL) => void,
): Promise<void> {
  const asked = { server, client, scope: (server.scopes ?? []).join(' ') };
  await signIn(asked, { ...quiet, visit, timeoutSeconds: 86_400 });
}

const quiet: Omit<Means, 'visit'> = { wire, tell: () => undefined, note: () => undefined, timeoutSeconds: 30 };
