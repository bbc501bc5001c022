import { usage } from '../shared/usage.ts';
import { type Ask, flag, type Given, type Group, operands, type Report, text } from './command.ts';
import { shownMembers, shownTable } from './print.ts';
import { listIn } from './rounds.ts';

const roles = ['member', 'admin'];
const withTrust = [operands.tenant, operands.trust];

/** The commands about trusts. */
export const trustGroup: Group = {
  title: 'Trusts: issuers that a tenant trusts for its people (ID-JAG) or for programs (workloads)',
  commands: [
    {
      name: 'trusts add',
      does: 'trust an issuer for its people (ID-JAG) or its programs; disabled at first',
      operands: [operands.tenant],
      options: {
        issuer: text('URL', 'exactly as in its tokens'),
        workload: flag('trust it for programs instead of people'),
        claim: { ...text('NAME=VALUE', 'a claim that a token must have, exactly'), multiple: true },
        scopes: text('A,B', 'the scopes it may give at most'),
        role: text('ROLE', 'with --workload: member (default) or admin', roles),
        'jwks-uri': text('URL', 'the address of its keys, if its metadata does not say'),
        reusable: flag('accept a token again until it expires'),
      },
      examples: [
        'trusts add acme --issuer https://acme.okta.com',
        'trusts add acme --issuer https://token.actions.githubusercontent.com --workload --claim repository_id=123 --scopes todos:read',
      ],
      run: add,
    },
    {
      name: 'trusts list',
      does: 'list the trusts of a tenant',
      operands: [operands.tenant],
      examples: ['trusts list acme'],
      run: list,
    },
    {
      name: 'trusts enable',
      does: 'enable a trust, if the keys of its issuer can be read',
      operands: withTrust,
      examples: ['trusts enable acme k3X9pQ2mVb7a'],
      run: enable,
    },
    {
      name: 'trusts disable',
      does: 'disable a trust, from the next call on',
      operands: withTrust,
      examples: ['trusts disable acme k3X9pQ2mVb7a'],
      question: ({ operands: [id, trust] }) => `Everything that the trust ${trust} of ${id} connected is disconnected.`,
      run: disable,
    },
    {
      name: 'trusts remove',
      does: 'remove a trust',
      operands: withTrust,
      examples: ['trusts remove acme k3X9pQ2mVb7a'],
      question: ({ operands: [id, trust] }) =>
        `The trust ${trust} of ${id} is removed, and everything it connected is disconnected.`,
      run: remove,
    },
  ],
};

async function add({ operands: [id], text, texts, isSet }: Given, ask: Ask): Promise<Report> {
  const issuer = text('issuer');
  if (!issuer) throw usage('trusts add needs --issuer');
  const kind = isSet('workload') ? 'workload' : 'id-jag';
  const added = await ask('trusts add', {
    id,
    issuer,
    kind,
    claims: claimsIn(texts('claim')),
    scopes: text('scopes')
      ?.split(/[,\s]+/)
      .filter(Boolean),
    role: text('role'),
    jwks_uri: text('jwks-uri'),
    is_reusable: isSet('reusable'),
  });
  const next = `npm run admin -- trusts enable ${id} ${added.trust}`;
  return { json: added, text: `The trust is added, and disabled until you run: ${next}\n\n${shownMembers(added)}` };
}

/** Throws a usage failure for a claim without a value, and for one that is given twice: which counts would be a guess. */
function claimsIn(given: readonly string[]): Readonly<Record<string, string>> {
  const claims = new Map<string, string>();
  for (const one of given) {
    const [, name, value] = /^([^=]+)=(.+)$/.exec(one) ?? [];
    if (name === undefined || value === undefined) throw usage(`--claim must be NAME=VALUE; it is ${one}`);
    if (claims.has(name)) throw usage(`--claim ${name} is given twice`);
    claims.set(name, value);
  }
  return Object.fromEntries(claims);
}

async function list({ operands: [id] }: Given, ask: Ask): Promise<Report> {
  const found = await ask('trusts list', { id });
  const all = listIn(found, 'trusts');
  const columns = ['trust', 'kind', 'state', 'issuer', 'created_at'];
  return { json: found, text: all.length > 0 ? shownTable(all, columns) : 'There are none.' };
}

async function enable({ operands: [id, trust] }: Given, ask: Ask): Promise<Report> {
  const enabled = await ask('trusts enable', { id, trust });
  return { json: enabled, text: `The trust ${trust} is enabled. Keys of its issuer: ${enabled.keys}.` };
}

async function disable({ operands: [id, trust] }: Given, ask: Ask): Promise<Report> {
  const disabled = await ask('trusts disable', { id, trust });
  return {
    json: disabled,
    text: `The trust ${trust} is disabled. Everything it connected is refused from the next call on.`,
  };
}

async function remove({ operands: [id, trust] }: Given, ask: Ask): Promise<Report> {
  const removed = await ask('trusts remove', { id, trust });
  return {
    json: removed,
    text: `The trust ${trust} is removed. Everything it connected is refused from the next call on.`,
  };
}
