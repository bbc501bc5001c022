import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { isAccepted, newAddress } from '../support/flow.ts';
import { ask, callTool } from '../support/mcp.ts';
import { beforeSignIn, type Connected, connected, self } from './admin-person.ts';
import { Operator } from './admin-process.ts';

type Shown = {
  readonly domains: readonly string[];
  readonly members: readonly { readonly address: string; readonly role: string; readonly signed_in: boolean }[];
  readonly tools?: readonly string[];
  readonly scopes?: readonly string[];
  readonly calls_per_minute?: number;
  readonly calls_per_hour?: number;
};

const issuer = inject('issuer');
let operator: Operator;

beforeAll(async () => {
  operator = new Operator(issuer);
});

const newId = () => `t${randomUUID()}`;
const newDomain = () => `d${randomUUID()}.example`;

async function newTenant(): Promise<string> {
  const id = newId();
  await operator.result('tenants add', { id });
  return id;
}

async function addMember(id: string, role = 'member', address = newAddress()): Promise<string> {
  await operator.result('tenants add-member', { id, address, role });
  return address;
}

async function connectedMember(id: string, role = 'member'): Promise<Connected> {
  return connected(issuer, await addMember(id, role));
}

const shown = (id: string) => operator.result<Shown>('tenants show', { id });

async function listedTools({ tokens }: Connected): Promise<readonly string[]> {
  const { message } = await ask(issuer, tokens.access_token, 'tools/list');
  const { tools = [] } = (message.result ?? {}) as { readonly tools?: readonly { readonly name: string }[] };
  return tools.map(({ name }) => name);
}

describe('tenants add, tenants list and tenants show', () => {
  test('keep a tenant by its id and name, with nothing restricted', async () => {
    const id = newId();
    expect(await operator.run('tenants', 'add', id, '--name', 'Acme')).toMatchObject({ code: 0, stderr: '' });
    const { tenants } = await operator.json<{ tenants: object[] }>('tenants', 'list');
    expect(tenants).toContainEqual({ id, name: 'Acme', created_at: expect.any(String) });
    const known = {
      id,
      name: 'Acme',
      created_at: expect.any(String),
      domains: [],
      machines: [],
      trusts: [],
      members: [],
    };
    expect(await operator.json('tenants', 'show', id)).toEqual(known);
    expect((await operator.run('tenants', 'show', id)).stdout).toMatch(/^ +tools +all$/m);
    const again = await operator.run('tenants', 'add', id);
    expect(again).toEqual({ code: 1, stdout: '', stderr: `The id ${id} is taken.\n` });
  });

  test.for([
    ['a', 'must be 2 to 40'],
    ['Acme', 'must be 2 to 40'],
    ['-acme', 'must be 2 to 40'],
    ['ac#me', 'must be 2 to 40'],
    ['a'.repeat(41), 'must be 2 to 40'],
    ['personal-acme', 'must not start with personal-'],
    ['personal', 'must not be one of operator, public, personal'],
    ['operator', 'must not be one of'],
    ['public', 'must not be one of'],
  ] as const)('refuse the id %s', async ([id, says]) => {
    expect(await operator.refusal('tenants add', { id })).toContain(says);
  });

  test('refuse a name that shows otherwise than it is', async () => {
    expect(await operator.refusal('tenants add', { id: newId(), name: 'A\u202eB' })).toContain('invisible');
  });

  test('give an id to one of those that ask for it at the same time', async () => {
    const id = newId();
    const answers = await Promise.all(Array.from({ length: 6 }, () => operator.invoke('tenants add', { id })));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('list and show all, however many there are', async () => {
    const ids = await Promise.all(Array.from({ length: 105 }, newTenant));
    const { tenants } = await operator.json<{ tenants: { id: string }[] }>('tenants', 'list');
    expect(tenants.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    const [id = ''] = ids;
    const addresses = await Promise.all(Array.from({ length: 105 }, () => addMember(id)));
    const { members } = await operator.json<Shown>('tenants', 'show', id);
    expect(members.map(({ address }) => address).sort()).toEqual(addresses.sort());
  });

  test.for([
    ['tenants show', {}],
    ['tenants policy', { tools: null }],
    ['tenants add-domain', { domain: 'acme.example' }],
    ['tenants add-member', { address: 'anna@acme.example' }],
    ['tenants remove', {}],
  ] as const)('%s names a tenant that is not there', async ([command, input]) => {
    expect(await operator.refusal(command, { id: 'nobody', ...input })).toBe('There is no tenant nobody');
  });
});

describe('tenants policy', () => {
  test('restricts tools and scopes from the next call on, and lets go of them', async () => {
    const id = await newTenant();
    const person = await connectedMember(id);
    const all = await listedTools(person);
    await operator.json('tenants', 'policy', id, '--tools', 'whoami, list_todos');
    expect([...(await listedTools(person))].sort()).toEqual(['list_todos', 'whoami']);
    await operator.json('tenants', 'policy', id, '--scopes', 'profile:read');
    expect(await listedTools(person)).toEqual(['whoami']);
    await operator.json('tenants', 'policy', id, '--all-tools');
    expect(await listedTools(person)).toContain('whoami');
    expect(await listedTools(person)).not.toContain('list_todos');
    await operator.json('tenants', 'policy', id, '--all-scopes');
    expect(await listedTools(person)).toEqual(all);
  });

  test('restricts the calls of all together, and nobody else’s', async () => {
    const id = await newTenant();
    const [one, other, stranger] = await Promise.all([connectedMember(id), connectedMember(id), connected(issuer)]);
    await operator.json('tenants', 'policy', id, '--calls-per-hour', '1');
    const calls = [one, other, stranger].map(({ tokens }) => callTool(issuer, tokens.access_token, 'whoami'));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses.slice(0, 2).sort()).toEqual([200, 429]);
    expect(statuses[2]).toBe(200);
    await operator.json('tenants', 'policy', id, '--no-call-limit');
    expect(await isAccepted(issuer, one.tokens.access_token)).toBe(true);
  });

  test('leaves as it is what is not named', async () => {
    const id = await newTenant();
    await operator.json('tenants', 'policy', id, '--tools', 'whoami', '--calls-per-minute', '7');
    await operator.json('tenants', 'policy', id, '--calls-per-hour', '70', '--scopes', 'profile:read');
    const policy = { tools: ['whoami'], scopes: ['profile:read'], calls_per_minute: 7, calls_per_hour: 70 };
    expect(await shown(id)).toMatchObject(policy);
    const { stdout } = await operator.run('tenants', 'policy', id, '--all-tools', '--no-call-limit');
    expect(stdout).toMatch(/^ +calls_per_minute +any$/m);
    const { tools, calls_per_minute, calls_per_hour, scopes } = await shown(id);
    expect([tools, calls_per_minute, calls_per_hour, scopes]).toEqual([undefined, undefined, undefined, policy.scopes]);
  });

  test('of several at the same time counts, or is refused', async () => {
    const id = await newTenant();
    const changes = [{ calls: { minute: 5 } }, { calls: { hour: 50 } }, { tools: ['whoami'] }];
    const answers = await Promise.all(changes.map((change) => operator.invoke('tenants policy', { id, ...change })));
    const { calls_per_minute, calls_per_hour, tools } = await shown(id);
    const isSet = [calls_per_minute, calls_per_hour, tools].map((restriction) => restriction !== undefined);
    expect(answers.map(({ ok }) => ok)).toEqual(isSet);
  });

  test.for([
    [{ tools: ['whoami', 'fly'] }, 'There is no tool fly; there are list_todos'],
    [{ scopes: ['fly:high'] }, 'There is no scope fly:high; there are todos:read'],
    [{ tools: [] }, 'Name at least one tool'],
    [{ calls: {} }, 'Say how many calls'],
    [{ calls: { minute: 0 } }, 'at least 1'],
    [{}, 'Say what to change'],
  ] as const)('%o is refused, with what there is', async ([changes, says]) => {
    const id = await newTenant();
    expect(await operator.refusal('tenants policy', { id, ...changes })).toContain(says);
    expect(await shown(id)).not.toHaveProperty('tools');
  });
});

describe('tenants sso', () => {
  test('names a provider of the settings, or none', async () => {
    const id = await newTenant();
    const refusal = 'There is no provider corp in the settings: they name none';
    expect((await operator.run('tenants', 'sso', id, '--provider', 'corp')).stderr).toContain(refusal);
    expect((await operator.run('tenants', 'sso', id, '--off')).stdout).toContain('any way again');
    expect(await shown(id)).not.toHaveProperty('sign_in_through');
  });

  test.for([[], ['--off', '--provider', 'corp']])('needs to know which, and no more: %j', async (given) => {
    const { code, stderr } = await operator.run('tenants', 'sso', await newTenant(), ...given);
    expect([code, stderr]).toEqual([2, expect.stringContaining('needs either --provider or --off')]);
  });
});

describe('tenants add-domain and tenants remove-domain', () => {
  test('lead whoever signs in for the first time, and nobody else', async () => {
    const [id, domain] = [await newTenant(), newDomain()];
    const before = await connected(issuer, `early@${domain}`);
    const { stdout } = await operator.run('tenants', 'add-domain', id, domain.toUpperCase());
    expect(stdout).toContain('Nothing changes for people who have signed in before');
    const [early, late] = await Promise.all([connected(issuer, before.address), connected(issuer, `late@${domain}`)]);
    expect([early.tenant, late.tenant]).toEqual([before.tenant, id]);
    const { domains, members } = await shown(id);
    expect(domains).toEqual([domain]);
    expect(members).toMatchObject([{ address: late.address, role: 'member', signed_in: true }]);

    await operator.json('tenants', 'remove-domain', id, domain);
    const [stays, last] = await Promise.all([connected(issuer, late.address), connected(issuer, `last@${domain}`)]);
    expect([stays.tenant, last.tenant]).toEqual([id, `personal-${last.subject}`]);
    expect((await shown(id)).domains).toEqual([]);
  });

  test('take a domain in any form, for one tenant', async () => {
    const [id, other, typed] = [await newTenant(), await newTenant(), `bücher-${randomUUID()}.example`];
    const { domain } = await operator.result('tenants add-domain', { id, domain: typed.toUpperCase() });
    expect(domain).toMatch(/^xn--bcher-/);
    for (const tenant of [id, other])
      expect(await operator.refusal('tenants add-domain', { id: tenant, domain: typed })).toBe(
        `${domain} leads to ${id} already`,
      );
    expect(await operator.refusal('tenants remove-domain', { id: other, domain: typed })).toContain('does not lead to');
    expect((await connected(issuer, `someone@${domain}`)).tenant).toBe(id);
    const address = { id, domain: 'someone@example.com' };
    expect(await operator.refusal('tenants add-domain', address)).toContain('is not a domain');
  });

  test('give a domain to one of those that ask for it at the same time', async () => {
    const ids = await Promise.all([newTenant(), newTenant()]);
    const domain = newDomain();
    const asked = [...ids, ...ids].map((id) => operator.invoke('tenants add-domain', { id, domain }));
    expect((await Promise.all(asked)).filter(({ ok }) => ok)).toHaveLength(1);
    const lists = await Promise.all(ids.map(shown));
    expect(lists.flatMap(({ domains }) => domains)).toEqual([domain]);
  });
});

describe('tenants add-member', () => {
  test('says beforehand where somebody belongs and what they are', async () => {
    const id = await newTenant();
    const address = newAddress();
    const added = await operator.run('tenants', 'add-member', id, address.toUpperCase(), '--role', 'admin');
    expect(added.stdout).toBe(`${address} belongs to ${id} as admin, from their first sign-in on.\n`);
    expect((await shown(id)).members).toMatchObject([{ address, role: 'admin', signed_in: false }]);
    expect(await connected(issuer, address)).toMatchObject({ tenant: id, role: 'admin' });
    expect((await shown(id)).members).toMatchObject([{ address, role: 'admin', signed_in: true }]);
  });

  test('goes before what the domain says', async () => {
    const [id, other, domain] = [await newTenant(), await newTenant(), newDomain()];
    await operator.result('tenants add-domain', { id, domain });
    const address = await addMember(other, 'member', `guest@${domain}`);
    expect((await connected(issuer, address)).tenant).toBe(other);
  });

  test('is refused for who belongs somewhere already, and says what to do', async () => {
    const [id, other] = [await newTenant(), await newTenant()];
    const expected = await addMember(id);
    const { address } = await connected(issuer);
    const refusal = (input: object) => operator.refusal('tenants add-member', { id, ...input });
    expect(await refusal({ address: expected })).toBe(`${expected} is a member of ${id} already`);
    expect(await refusal({ id: other, address: expected })).toContain(`is a member of ${id}: remove them there first`);
    expect(await refusal({ address })).toContain(`people move ${address} ${id}`);
    expect(await refusal({ address: 'someone' })).toContain('someone is not an email address');
    expect(await refusal({ address: newAddress(), role: 'king' })).toContain('must be one of member, admin');
  });

  test('gives somebody to one of the tenants that add them at the same time', async () => {
    const ids = await Promise.all([newTenant(), newTenant()]);
    const address = newAddress();
    const asked = [...ids, ...ids].map((id) => operator.invoke('tenants add-member', { id, address }));
    expect((await Promise.all(asked)).filter(({ ok }) => ok)).toHaveLength(1);
    const lists = await Promise.all(ids.map(shown));
    expect(lists.flatMap(({ members }) => members)).toMatchObject([{ address }]);
  });

  test('and a first sign-in at the same moment agree', async () => {
    const id = await newTenant();
    const rounds = Array.from({ length: 8 }, async () => {
      const address = newAddress();
      const signIn = await beforeSignIn(issuer, address);
      const [page, { ok }] = await Promise.all([signIn(), operator.invoke('tenants add-member', { id, address })]);
      expect(page.status).toBe(200);
      return { address, ok };
    });
    for (const { address, ok } of await Promise.all(rounds)) {
      const isListed = (await shown(id)).members.some((member) => member.address === address && member.signed_in);
      const { tenant, subject } = await connected(issuer, address);
      expect([tenant, isListed]).toEqual(ok ? [id, true] : [`personal-${subject}`, false]);
    }
  });
});

describe('tenants set-role', () => {
  test('counts from the next call on', async () => {
    const id = await newTenant();
    const person = await connectedMember(id);
    expect(person.role).toBe('member');
    const { stdout } = await operator.run('tenants', 'set-role', id, person.address, '--role', 'admin');
    expect(stdout).toContain(`is admin of ${id} from the next call on`);
    expect((await self(issuer, person.tokens)).role).toBe('admin');
    await operator.result('tenants set-role', { id, address: person.address, role: 'member' });
    expect((await self(issuer, person.tokens)).role).toBe('member');
    expect((await connected(issuer, person.address)).role).toBe('member');
    expect((await shown(id)).members).toMatchObject([{ role: 'member' }]);
  });

  test('counts for who has not signed in yet', async () => {
    const id = await newTenant();
    const address = await addMember(id);
    await operator.result('tenants set-role', { id, address, role: 'admin' });
    expect((await connected(issuer, address)).role).toBe('admin');
  });

  test('and a first sign-in at the same moment agree', async () => {
    const id = await newTenant();
    const rounds = Array.from({ length: 8 }, async () => {
      const address = await addMember(id);
      const signIn = await beforeSignIn(issuer, address);
      const change = operator.invoke('tenants set-role', { id, address, role: 'admin' });
      const [page, { ok }] = await Promise.all([signIn(), change]);
      expect(page.status).toBe(200);
      return { address, ok };
    });
    for (const { address, ok } of await Promise.all(rounds)) {
      const role = ok ? 'admin' : 'member';
      expect((await connected(issuer, address)).role).toBe(role);
      expect((await shown(id)).members).toContainEqual(expect.objectContaining({ address, role, signed_in: true }));
    }
  });

  test('is for members of this tenant only', async () => {
    const [id, other] = [await newTenant(), await newTenant()];
    const { address, tokens } = await connectedMember(other);
    const asked = { id, address, role: 'admin' };
    expect(await operator.refusal('tenants set-role', asked)).toBe(`${address} is no member of ${id}`);
    expect((await self(issuer, tokens)).role).toBe('member');
  });
});

describe('tenants remove', () => {
  test('is refused while a tenant has members or domains', async () => {
    const [id, domain] = [await newTenant(), newDomain()];
    const address = await addMember(id);
    expect(await operator.refusal('tenants remove', { id })).toContain('still has members');
    await operator.json('tenants', 'remove-member', id, address);
    await operator.result('tenants add-domain', { id, domain });
    expect(await operator.refusal('tenants remove', { id })).toContain('still has domains');
    await operator.result('tenants remove-domain', { id, domain });
    expect(await operator.run('tenants', 'remove', id)).toMatchObject({ code: 0 });
    expect(await operator.refusal('tenants show', { id })).toBe(`There is no tenant ${id}`);
    expect((await operator.run('tenants', 'list')).stdout).not.toContain(id);
  });

  test('and an addition at the same moment never both happen', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await newTenant();
      const [removal, ...additions] = await Promise.all([
        operator.invoke('tenants remove', { id }),
        operator.invoke('tenants add-member', { id, address: newAddress() }),
        operator.invoke('tenants add-domain', { id, domain: newDomain() }),
      ]);
      if (removal.ok) expect(additions.map(({ ok }) => ok)).toEqual([false, false]);
      else expect(await shown(id)).toMatchObject({ id });
    }
  });

  test('and a first sign-in by its domain at the same moment leave nobody in a tenant that is gone', async () => {
    for (let round = 0; round < 4; round += 1) {
      const [id, domain] = [await newTenant(), newDomain()];
      await operator.result('tenants add-domain', { id, domain });
      const address = `someone@${domain}`;
      const signIn = await beforeSignIn(issuer, address);
      const removal = async () => {
        await operator.result('tenants remove-domain', { id, domain });
        return operator.invoke('tenants remove', { id });
      };
      const [page, { ok }] = await Promise.all([signIn(), removal()]);
      expect(page.status).toBe(200);
      const { tenant, subject } = await connected(issuer, address);
      expect(tenant).toBe(ok ? `personal-${subject}` : id);
    }
  });
});
