import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { Operator } from './admin-process.ts';

type Trust = { readonly trust: string; readonly state: string; readonly issuer: string };

const operator = new Operator(inject('issuer'));
let id: string;

beforeAll(async () => {
  id = `t${randomUUID()}`;
  await operator.result('tenants add', { id });
});

const newIssuer = () => `https://${randomUUID()}.example`;
const listed = async () => (await operator.json<{ readonly trusts: readonly Trust[] }>('trusts', 'list', id)).trusts;

describe('trusts add, list, enable, disable and remove', () => {
  test('keep whose word a tenant takes for its people, disabled until it is enabled', async () => {
    const issuer = newIssuer();
    const { code, stdout } = await operator.run('trusts', 'add', id, '--issuer', issuer, '--claim', 'tenant=a');
    expect(code).toBe(0);
    const [trust] = (await listed()).filter((one) => one.issuer === issuer);
    expect(trust).toMatchObject({ kind: 'id-jag', state: 'disabled', claims: { tenant: 'a' } });
    expect(stdout).toContain(`npm run admin -- trusts enable ${id} ${trust?.trust}`);
    expect((await operator.run('trusts', 'list', id)).stdout).toMatch(
      new RegExp(`^${trust?.trust} +id-jag +disabled +${issuer}`, 'm'),
    );
    expect(await operator.run('tenants', 'remove', id)).toMatchObject({
      code: 1,
      stderr: `${id} still has trusts: remove or move them first.\n`,
    });
    expect(await operator.run('trusts', 'remove', id, trust?.trust ?? '')).toMatchObject({ code: 0, stderr: '' });
    expect((await listed()).filter((one) => one.issuer === issuer)).toEqual([]);
  });

  test('keep whose word it takes for programs, and the most that they may do', async () => {
    const issuer = newIssuer();
    const words = [
      '--workload',
      '--claim',
      'repository_id=1',
      '--claim',
      'ref=refs/heads/main',
      '--scopes',
      'todos:read',
    ];
    const added = await operator.json(
      'trusts',
      'add',
      id,
      '--issuer',
      issuer,
      ...words,
      '--role',
      'admin',
      '--reusable',
    );
    expect(added).toMatchObject({
      kind: 'workload',
      claims: { repository_id: '1', ref: 'refs/heads/main' },
      scopes: ['todos:read'],
      role: 'admin',
      is_reusable: true,
    });
  });

  test('say why an issuer cannot be enabled, and leave it disabled', async () => {
    const { trust } = await operator.json<Trust>('trusts', 'add', id, '--issuer', 'https://127.0.0.1:1');
    const { code, stderr } = await operator.run('trusts', 'enable', id, trust);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The keys of https:\/\/127\.0\.0\.1:1 cannot be used: .* not public\.\n$/);
    expect(await operator.refusal('trusts disable', { id, trust })).toBe(`${trust} is disabled already`);
  });

  test.for([
    ['trusts enable', { trust: 'nothing' }],
    ['trusts disable', { trust: 'nothing' }],
    ['trusts remove', { trust: 'nothing' }],
  ] as const)('%s names a trust that is not there, or is another tenant’s', async ([command, input]) => {
    expect(await operator.refusal(command, { id, ...input })).toBe(
      `${id} has no trust nothing: trusts list shows them`,
    );
    const other = `t${randomUUID()}`;
    await operator.result('tenants add', { id: other });
    const { trust } = await operator.result<Trust>('trusts add', { id: other, issuer: newIssuer() });
    expect(await operator.refusal(command, { id, trust })).toContain(`${id} has no trust`);
  });

  test.for<[string, object, string]>([
    ['a workload without claims', { kind: 'workload', scopes: ['todos:read'] }, 'A workload needs a claim'],
    ['a workload without scopes', { kind: 'workload', claims: { sub: 'a' } }, 'A workload needs the scopes'],
    ['people with a role', { role: 'admin' }, 'People have the role that they have in the tenant'],
    ['people whose assertion serves twice', { is_reusable: true }, 'serves once'],
    ['a scope that there is not', { scopes: ['fly'] }, 'There is no scope fly; there are '],
    [
      'too many claims',
      { claims: Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`c${at}`, 'x'])) },
      'at most 10',
    ],
    ['an issuer without a tenant', { id: 'nobody' }, 'There is no tenant nobody'],
  ])('refuse %s', async ([, input, says]) => {
    expect(await operator.refusal('trusts add', { id, issuer: newIssuer(), ...input })).toContain(says);
  });

  test('refuse a second trust that a token could be meant for too', async () => {
    const issuer = newIssuer();
    const { trust } = await operator.json<Trust>('trusts', 'add', id, '--issuer', issuer);
    const again = await operator.run('trusts', 'add', id, '--issuer', issuer, '--claim', 'tenant=a');
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining(`the trust ${trust} of ${id} too`) });
  });
});
