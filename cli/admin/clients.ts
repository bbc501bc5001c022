import { readFileSync } from 'node:fs';
import { usage } from '../shared/usage.ts';
import { type Answer, type Ask, flag, type Given, type Group, operands, type Report, text } from './command.ts';
import { shownMembers, shownTable } from './print.ts';
import { allOf } from './rounds.ts';

const methods = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'];

/** The commands about clients. */
export const clientGroup: Group = {
  title: 'Clients that you register (others register themselves)',
  commands: [
    {
      name: 'clients add',
      does: 'add a client and print its id, and its secret, which is shown only once',
      options: {
        name: text('NAME', 'the name that people see on the consent page'),
        'redirect-uri': {
          ...text('URI', 'where the browser returns to; must match exactly'),
          multiple: true,
        },
        'auth-method': text('METHOD', `${methods.join(', ')} (default client_secret_basic)`, methods),
        jwks: text('FILE', 'for private_key_jwt: a file with its public keys, a JWK set'),
        'jwks-uri': text('URL', 'or the address of its public keys'),
        'resource-server': flag('it protects a resource: it may introspect every token, and needs no redirect URI'),
        dpop: flag('it takes only access tokens that are bound to a key of its own'),
        machine: flag('it acts for itself, without a person, and has no redirect URI'),
        tenant: text('ID', 'with --machine: the tenant that it belongs to'),
        scopes: text('A,B', 'with --machine: the scopes it may have at most'),
        role: text('ROLE', 'with --machine: its role in the tenant (default member)', ['member', 'admin']),
        id: text('ID', 'an id of your choice (default a random one)'),
      },
      examples: [
        'clients add --name "Reports" --redirect-uri https://reports.example/callback',
        'clients add --name "Desk" --redirect-uri http://127.0.0.1/callback --auth-method none',
        'clients add --name "Files API" --resource-server',
        'clients add --name "Nightly report" --machine --tenant acme --scopes todos:read',
      ],
      run: add,
    },
    {
      name: 'clients list',
      does: 'list the clients that you registered',
      examples: ['clients list --local'],
      run: list,
    },
    {
      name: 'clients show',
      does: 'show a client, including one that registered itself',
      operands: [operands.client],
      examples: ['clients show 2TfCq0JbXk9ZrVdLw5sN8a'],
      run: show,
    },
    {
      name: 'clients rotate-secret',
      does: 'add a second secret, shown only once; both are valid',
      operands: [operands.client],
      options: { finish: flag('end the older secret') },
      examples: [
        'clients rotate-secret 2TfCq0JbXk9ZrVdLw5sN8a',
        'clients rotate-secret 2TfCq0JbXk9ZrVdLw5sN8a --finish',
      ],
      question: ({ operands: [id], isSet }) =>
        isSet('finish') ? `The older secret of the client ${id} stops working.` : undefined,
      run: rotateSecret,
    },
    {
      name: 'clients remove',
      does: 'remove a client, including one that registered itself',
      operands: [operands.client],
      examples: ['clients remove 2TfCq0JbXk9ZrVdLw5sN8a'],
      question: ({ operands: [id] }) => `The client ${id} is removed, and everybody who uses it is disconnected.`,
      run: remove,
    },
    {
      name: 'clients disable',
      does: 'block a machine, from its next call on',
      operands: [operands.client],
      examples: ['clients disable 2TfCq0JbXk9ZrVdLw5sN8a'],
      question: ({ operands: [id] }) =>
        `The machine ${id} can call nothing until it is enabled, and its tokens end for good.`,
      run: disable,
    },
    {
      name: 'clients enable',
      does: 'let a machine get new tokens again',
      operands: [operands.client],
      examples: ['clients enable 2TfCq0JbXk9ZrVdLw5sN8a'],
      run: enable,
    },
    {
      name: 'clients deny',
      does: 'block a client with a metadata document, or every client of a host',
      operands: [operands.urlOrHost],
      examples: ['clients deny https://app.example/client.json', 'clients deny app.example'],
      run: deny,
    },
    {
      name: 'clients allow',
      does: 'let it connect again after clients deny',
      operands: [operands.urlOrHost],
      examples: ['clients allow app.example'],
      run: allow,
    },
    { name: 'clients denied', does: 'list what is denied', examples: ['clients denied'], run: listDenied },
  ],
};

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
    dpop_bound_access_tokens: given.isSet('dpop'),
    machine: machineOf(given),
  });
  return { json: client, text: `The client is added.\n\n${shownMembers(client)}${onceOnly(client)}` };
}

/** What a machine may do. Throws a usage failure when that is said of another client, or not said of one. */
function machineOf({ text, isSet }: Given): object | undefined {
  const said = { tenant: text('tenant'), role: text('role'), scopes: listed(text('scopes')) };
  if (isSet('machine')) {
    if (said.tenant === undefined || said.scopes === undefined)
      throw usage('clients add --machine needs --tenant and --scopes');
    return said;
  }
  const surplus = Object.entries(said).find(([, value]) => value !== undefined)?.[0];
  if (surplus !== undefined) throw usage(`--${surplus} only works with --machine`);
  return undefined;
}

function listed(names: string | undefined): readonly string[] | undefined {
  return names
    ?.split(/[,\s]+/)
    .map((name) => name.trim())
    .filter(Boolean);
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
  const next = `The previous secret stays valid until you run: npm run admin -- clients rotate-secret ${id} --finish`;
  return { json: rotated, text: `${shownMembers(rotated)}${onceOnly(rotated)}\n${next}` };
}

async function remove({ operands: [id] }: Given, ask: Ask): Promise<Report> {
  const removed = await ask('clients remove', { client_id: id });
  const text = `The client ${id} is removed. It gets no more tokens; an access token that a person approved works until it expires.`;
  return { json: removed, text };
}

async function disable({ operands: [id] }: Given, ask: Ask): Promise<Report> {
  const disabled = await ask('clients disable', { client_id: id });
  return { json: disabled, text: `The machine ${id} is disabled. Its tokens are refused from the next call on.` };
}

async function enable({ operands: [id] }: Given, ask: Ask): Promise<Report> {
  const enabled = await ask('clients enable', { client_id: id });
  return { json: enabled, text: `The machine ${id} may act again, with new tokens.` };
}

async function deny({ operands: [client] }: Given, ask: Ask): Promise<Report> {
  const denied = await ask('clients deny', { client });
  return {
    json: denied,
    text: `${denied.client} is denied. It gets no more tokens; an access token works until it expires.`,
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
    throw usage(`--jwks must name a file that can be read; ${file} can't be`);
  }
}
