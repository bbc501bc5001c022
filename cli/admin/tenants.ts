import { usage } from '../shared/usage.ts';
import {
  type Answer,
  type Ask,
  flag,
  type Given,
  type Group,
  operands,
  type Report,
  type Tell,
  text,
} from './command.ts';
import { shownMembers, shownTable } from './print.ts';
import { allOf, listIn, pages, untilDone } from './rounds.ts';

const withDomain = [operands.tenant, operands.domain];
const withAddress = [operands.tenant, operands.address];
const roles = ['member', 'admin'];

/** The commands about tenants. */
export const tenantGroup: Group = {
  title: 'Tenants: customers whose people, data and audit are separate',
  commands: [
    {
      name: 'tenants add',
      does: 'add a tenant; its id may have lower-case letters, digits and hyphens',
      operands: [operands.tenant],
      options: { name: text('NAME', 'its name') },
      examples: ['tenants add acme --name "Acme"'],
      run: add,
    },
    { name: 'tenants list', does: 'list the tenants', examples: ['tenants list'], run: list },
    {
      name: 'tenants show',
      does: 'show its policy, domains, machines, trusts and members',
      operands: [operands.tenant],
      examples: ['tenants show acme'],
      run: show,
    },
    {
      name: 'tenants policy',
      does: "change what its people may use; what you don't name stays the same",
      operands: [operands.tenant],
      options: {
        tools: text('A,B', 'these tools only'),
        'all-tools': flag('every tool'),
        scopes: text('A,B', 'these scopes only'),
        'all-scopes': flag('every scope'),
        'calls-per-minute': text('N', 'calls a minute, by everybody together'),
        'calls-per-hour': text('N', 'calls an hour, by everybody together'),
        'no-call-limit': flag('no limit on calls'),
        dpop: flag('only with access tokens that are bound to a key'),
        'no-dpop': flag('with any access token'),
      },
      examples: [
        'tenants policy acme --scopes profile:read,todos:read --calls-per-minute 600',
        'tenants policy acme --all-scopes --no-call-limit',
        'tenants policy acme --dpop',
      ],
      run: policy,
    },
    {
      name: 'tenants sso',
      does: 'require its people to sign in through a provider, without codes and passkeys',
      operands: [operands.tenant],
      options: {
        provider: text('NAME', 'the id of the provider in the settings'),
        off: flag('let them sign in any way again'),
      },
      examples: ['tenants sso acme --provider corp', 'tenants sso acme --off'],
      run: sso,
    },
    {
      name: 'tenants add-domain',
      does: 'let people who first sign in with an address of the domain join the tenant',
      operands: withDomain,
      examples: ['tenants add-domain acme acme.example'],
      run: addDomain,
    },
    {
      name: 'tenants remove-domain',
      does: 'stop newcomers of the domain from joining',
      operands: withDomain,
      examples: ['tenants remove-domain acme acme.example'],
      question: ({ operands: [id, domain] }) =>
        `People who sign in for the first time with an address of ${domain} no longer join ${id}.`,
      run: removeDomain,
    },
    {
      name: 'tenants add-member',
      does: 'add somebody who has not signed in yet',
      operands: withAddress,
      options: { role: text('ROLE', 'member (default) or admin', roles) },
      examples: ['tenants add-member acme anna@elsewhere.example --role admin'],
      run: addMember,
    },
    {
      name: 'tenants set-role',
      does: "change somebody's role in the tenant",
      operands: withAddress,
      options: { role: text('ROLE', 'member or admin', roles) },
      examples: ['tenants set-role acme anna@elsewhere.example --role member'],
      run: setRole,
    },
    {
      name: 'tenants remove-member',
      does: 'remove somebody; their data stays with the tenant',
      operands: withAddress,
      examples: ['tenants remove-member acme anna@elsewhere.example'],
      question: ({ operands: [id, address] }) => `${address} leaves ${id}, and all their apps are disconnected.`,
      run: removeMember,
    },
    {
      name: 'tenants remove',
      does: 'remove a tenant without members, domains, machines and trusts',
      operands: [operands.tenant],
      examples: ['tenants remove acme'],
      question: ({ operands: [id] }) => `The tenant ${id} and its policy are removed.`,
      run: remove,
    },
  ],
};

async function add({ operands: [id], text }: Given, ask: Ask): Promise<Report> {
  const tenant = await ask('tenants add', { id, name: text('name') });
  return { json: tenant, text: `The tenant is added. Its people may use every tool until its policy says otherwise.` };
}

async function list(_given: Given, ask: Ask): Promise<Report> {
  const tenants = await allOf(ask, 'tenants', 'tenants list');
  const columns = ['id', 'name', 'created_at'];
  return { json: { tenants }, text: tenants.length > 0 ? shownTable(tenants, columns) : 'There are none.' };
}

async function show({ operands: [id] }: Given, ask: Ask): Promise<Report> {
  let tenant: Answer = {};
  const [domains, machines, trusts, members]: [unknown[], unknown[], unknown[], Answer[]] = [[], [], [], []];
  for await (const { next: _next, ...page } of pages(ask, 'tenants show', { id })) {
    tenant = page;
    domains.push(...listIn(page, 'domains'));
    members.push(...listIn(page, 'members'));
    machines.push(...listIn(page, 'machines'));
    trusts.push(...listIn(page, 'trusts'));
  }
  const columns = ['address', 'role', 'since', 'signed_in'];
  const table = members.length > 0 ? shownTable(members, columns) : 'There are no members.';
  const text = `${shownPolicy({ ...tenant, domains, machines, trusts, members: members.length })}\n\n${table}`;
  return { json: { ...tenant, domains, machines, trusts, members }, text };
}

async function policy({ operands: [id], ...given }: Given, ask: Ask): Promise<Report> {
  const changes = {
    tools: names(given, 'tools'),
    scopes: names(given, 'scopes'),
    calls: calls(given),
    dpop: dpop(given),
  };
  if (Object.values(changes).every((change) => change === undefined))
    throw usage('tenants policy needs what to change, such as --tools or --calls-per-minute');
  const tenant = await ask('tenants policy', { id, ...changes });
  return { json: tenant, text: `This takes effect on the next call:\n\n${shownPolicy(tenant)}` };
}

type Options = Omit<Given, 'operands'>;

/** The names that an option lists, or null when all are allowed. */
function names({ text, isSet }: Options, option: 'tools' | 'scopes'): readonly string[] | null | undefined {
  const listed = text(option);
  if (isSet(`all-${option}`)) {
    if (listed !== undefined) throw usage(`--${option} and --all-${option} cannot be used together`);
    return null;
  }
  return listed
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

function calls({ text, isSet }: Options): object | null | undefined {
  const limits = { minute: count(text('calls-per-minute')), hour: count(text('calls-per-hour')) };
  const isLimited = limits.minute !== undefined || limits.hour !== undefined;
  if (!isSet('no-call-limit')) return isLimited ? limits : undefined;
  if (isLimited) throw usage('--no-call-limit and a number of calls cannot be used together');
  return null;
}

function dpop({ isSet }: Options): 'required' | null | undefined {
  if (isSet('dpop') && isSet('no-dpop')) throw usage('--dpop and --no-dpop exclude each other');
  if (isSet('dpop')) return 'required';
  return isSet('no-dpop') ? null : undefined;
}

function count(given: string | undefined): number | undefined {
  if (given === undefined || /^[1-9]\d{0,9}$/.test(given)) return given === undefined ? given : Number(given);
  throw usage(`A number of calls must be a whole number; it is ${given}`);
}

/** What a policy leaves out isn't restricted, and the output says so. */
function shownPolicy(tenant: Answer): string {
  const {
    tools = 'all',
    scopes = 'all',
    calls_per_minute = 'any',
    calls_per_hour = 'any',
    dpop = 'optional',
    ...others
  } = tenant;
  return shownMembers({ ...others, tools, scopes, calls_per_minute, calls_per_hour, dpop });
}

async function sso({ operands: [id], text, isSet }: Given, ask: Ask): Promise<Report> {
  const provider = text('provider');
  if ((provider === undefined) !== isSet('off')) throw usage('tenants sso needs either --provider or --off');
  const tenant = await ask('tenants sso', { id, provider: provider ?? null });
  const domains = listIn(tenant, 'domains').join(', ') || 'none yet';
  const rule = `People of ${id} must sign in through ${provider} from now on. Domains that lead there: ${domains}.`;
  const kept = 'Apps that are connected stay so until they sign in again: people end-grants ends them.';
  return { json: tenant, text: isSet('off') ? `People of ${id} may sign in any way again.` : `${rule} ${kept}` };
}

async function addDomain({ operands: [id, domain] }: Given, ask: Ask): Promise<Report> {
  const added = await ask('tenants add-domain', { id, domain });
  const whom = `People who sign in for the first time with an address of ${added.domain} join ${id}`;
  return { json: added, text: `${whom}. Nothing changes for people who have signed in before.` };
}

async function removeDomain({ operands: [id, domain] }: Given, ask: Ask): Promise<Report> {
  const removed = await ask('tenants remove-domain', { id, domain });
  const text = `${removed.domain} no longer leads to a tenant. Nothing changes for people who have signed in before.`;
  return { json: removed, text };
}

async function addMember({ operands: [id, address], text }: Given, ask: Ask): Promise<Report> {
  const member = await ask('tenants add-member', { id, address, role: text('role') });
  return { json: member, text: `${member.address} belongs to ${id} as ${member.role}, from their first sign-in on.` };
}

async function setRole({ operands: [id, address], text }: Given, ask: Ask): Promise<Report> {
  const role = text('role');
  if (!role) throw usage('tenants set-role needs --role');
  const member = await ask('tenants set-role', { id, address, role });
  return { json: member, text: `${member.address} is ${role} of ${id} from the next call on.` };
}

async function removeMember({ operands: [id, address] }: Given, ask: Ask, tell: Tell): Promise<Report> {
  const removed = await untilDone({ ask, tell }, 'tenants remove-member', { id, address });
  const text = `${address} is no longer a member of ${id}.${ended(removed)}`;
  return { json: removed, text };
}

async function remove({ operands: [id] }: Given, ask: Ask): Promise<Report> {
  const removed = await ask('tenants remove', { id });
  return { json: removed, text: `The tenant ${id} is removed. Its audit can be read for as long as it is kept.` };
}

function ended({ grants_ended: count }: Answer): string {
  return typeof count === 'number' ? ` Grants ended: ${count}. What they kept stays with the tenant.` : '';
}
