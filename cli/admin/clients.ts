import { readFileSync } from 'node:fs';
import { usage } from '../shared/usage.ts';
import { type Answer, type Ask, type Command, flag, type Given, type Report, text } from './command.ts';
import { shownMembers, shownTable } from './print.ts';
import { allOf } from './rounds.ts';

export const clientsHelp = `Clients that you register, beside those that register themselves:
  clients add       add one and print its id, and its secret, which is shown this once
    --name NAME             what people are asked to approve
    --redirect-uri URI      where their browser returns to, exactly; may be repeated
    --auth-method METHOD    none, client_secret_basic (default), client_secret_post or private_key_jwt
    --jwks FILE             its public keys, a JWK set, for private_key_jwt
    --jwks-uri URL          or where they are
    --resource-server       it protects a resource too: it may ask about every access token, and needs no redirect URI
    --id ID                 an id of your choice (default a random one)
  clients list      list them
  clients show ID   show one, or one that registered itself
  clients rotate-secret ID
                    give it a second secret, shown this once; both are valid
    --finish                leave it the newest one only
  clients remove ID remove one, or one that registered itself
  clients deny URL|HOST
                    let a client with a metadata document, or all of a host, never connect again
  clients allow URL|HOST
                    let it connect again
  clients denied    list what is denied`;

const id = 'the id of a client';
const urlOrHost = 'the URL of a metadata document, or a host';

/** The commands about clients. */
export const clientCommands: readonly Command[] = [
  {
    name: 'clients add',
    options: {
      name: text,
      'redirect-uri': { type: 'string', multiple: true },
      'auth-method': text,
      jwks: text,
      'jwks-uri': text,
      'resource-server': flag,
      id: text,
    },
    run: add,
  },
  { name: 'clients list', options: {}, run: list },
  { name: 'clients show', operands: [id], options: {}, run: show },
  { name: 'clients rotate-secret', operands: [id], options: { finish: flag }, run: rotateSecret },
  { name: 'clients remove', operands: [id], options: {}, run: remove },
  { name: 'clients deny', operands: [urlOrHost], options: {}, run: deny },
  { name: 'clients allow', operands: [urlOrHost], options: {}, run: allow },
  { name: 'clients denied', options: {}, run: listDenied },
];

async function add(given: Given, ask: Ask): Promise<Report> {
  const name = given.text('name');
  if (!name) throw usage('clients add needs --name');
  const keyFile = given.text('jwks');
  const client = await ask('clients add', {
    client_id: given.text('id'),
    client_name: name,
    redirect_uris: given.texts('redirect-uri'),
    token_endpoint_auth_method: given.text('auth-method') ?? 'client_secret_basic',
    jwks: keyFile === undefined ? undefined : jsonIn(keyFile),
    jwks_uri: given.text('jwks-uri'),
    is_resource_server: given.isSet('resource-server'),
  });
  return { json: client, text: `The client is added.\n\n${shownMembers(client)}${onceOnly(client)}` };
}

async function list(_given: Given, ask: Ask): Promise<Report> {
  const clients = await allOf(ask, 'clients', 'clients list');
  const columns = ['client_id', 'client_name', 'token_endpoint_auth_method', 'origin', 'registered_at'];
  return { json: { clients }, text: clients.length > 0 ? shownTable(clients, columns) : 'There are none.' };
}

async function show({ operands: [id] }: Given, ask: Ask): Promise<Report> {
  const client = await ask('clients show', { client_id: id });
  return { json: client, text: shownMembers(client) };
}

async function rotateSecret({ operands: [id], isSet }: Given, ask: Ask): Promise<Report> {
  const finish = isSet('finish');
  const rotated = await ask('clients rotate-secret', { client_id: id, finish });
  if (finish) return { json: rotated, text: `Only the newest secret of ${id} is valid now.` };
  const next = `The secret before it is valid too, until you run: npm run admin -- clients rotate-secret ${id} --finish`;
  return { json: rotated, text: `${shownMembers(rotated)}${onceOnly(rotated)}\n${next}` };
}

async function remove({ operands: [id] }: Given, ask: Ask): Promise<Report> {
  const removed = await ask('clients remove', { client_id: id });
  const text = `The client ${id} is removed. It gets no more tokens; an access token that it has lives to its end.`;
  return { json: removed, text };
}

async function deny({ operands: [client] }: Given, ask: Ask): Promise<Report> {
  const denied = await ask('clients deny', { client });
  return {
    json: denied,
    text: `${denied.client} is denied. It gets no more tokens; an access token lives to its end.`,
  };
}

async function allow({ operands: [client] }: Given, ask: Ask): Promise<Report> {
  const allowed = await ask('clients allow', { client });
  return { json: allowed, text: `${allowed.client} may connect again.` };
}

async function listDenied(_given: Given, ask: Ask): Promise<Report> {
  const denied = await allOf(ask, 'denied', 'clients denied');
  return {
    json: { denied },
    text: denied.length > 0 ? shownTable(denied, ['client', 'denied_at']) : 'There are none.',
  };
}

function onceOnly({ client_secret }: Answer): string {
  if (client_secret === undefined) return '';
  return '\n\nKeep the secret now: only its hash is stored, and it will not be shown again.';
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw usage(`--jwks must name a file with a JWK set; ${file} is not JSON`);
    throw usage(`--jwks must name a file that can be read; ${file} cannot`);
  }
}
