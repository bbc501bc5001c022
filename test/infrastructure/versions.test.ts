import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { routes } from '#core/routes.ts';
import { resources, templateOf } from '../support/template.ts';

/** A version is published of what has other code. */
const isBundled = { isBundled: true };

const names = Object.keys(routes);

/** The logical id of each endpoint's version: a new one makes CloudFormation publish a new version. */
function versions(template: Template): Map<string, string> {
  const ids = resources(template, 'AWS::Lambda::Version').map(([id]) => id);
  return new Map(ids.map((id) => [id.split('Function', 1)[0]?.toLowerCase() ?? '', id]));
}

/** The endpoints of which a deployment from one template to another publishes a new version. */
function published(before: Template, after: Template): string[] {
  const old = versions(before);
  return [...versions(after)].flatMap(([name, id]) => (old.get(name) === id ? [] : [name])).sort();
}

describe('the versions of a Lambda', async () => {
  const template = await templateOf({}, isBundled);

  test('are kept, so that there is one to go back to, but for those of an update that failed', () => {
    const all = resources(template, 'AWS::Lambda::Version');
    expect([...versions(template).keys()].sort()).toEqual(names.toSorted());
    for (const [, version] of all)
      expect(version).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });

  test('are reached by the front door through the alias `live`, which alone it may invoke', () => {
    const aliases = resources(template, 'AWS::Lambda::Alias');
    const references = aliases.map(([id]) => ({ Ref: id }));
    expect(aliases).toHaveLength(names.length);
    for (const [, { Properties }] of aliases) {
      expect(Properties).toMatchObject({
        Name: 'live',
        FunctionVersion: { 'Fn::GetAtt': [expect.any(String), 'Version'] },
      });
    }
    const integrated = resources(template, 'AWS::ApiGatewayV2::Integration').map(
      ([, { Properties }]) => Properties.IntegrationUri,
    );
    const permitted = resources(template, 'AWS::Lambda::Permission').map(
      ([, { Properties }]) => Properties.FunctionName,
    );
    const arns = aliases.map(([, { Properties }]) => arnOfLive(Properties.FunctionName as { readonly Ref: string }));
    expect(integrated).toEqual(expect.arrayContaining(arns));
    expect(integrated).toHaveLength(arns.length);
    expect(permitted).toEqual(expect.arrayContaining(references));
  });
});

describe('a new version', async () => {
  const template = await templateOf({}, isBundled);
  const [[check, { Properties }] = ['', { Properties: {} }], ...others] = resources(template, 'Custom::VersionCheck');

  test('of every endpoint must answer before its alias leads to it', () => {
    expect(others).toEqual([]);
    const all = resources(template, 'AWS::Lambda::Version').map(([id]) => ({ Ref: id }));
    expect(Properties.Versions).toHaveLength(names.length);
    expect(Properties.Versions).toEqual(expect.arrayContaining(all));
    for (const [, alias] of resources(template, 'AWS::Lambda::Alias'))
      expect(alias.DependsOn).toEqual(expect.arrayContaining([check]));
  });

  test('may be invoked by the check, and nothing else may', () => {
    const policies = resources(template, 'AWS::IAM::Policy').filter(([, { Properties }]) =>
      JSON.stringify(Properties).includes('lambda:InvokeFunction'),
    );
    const of = policies.map(([id]) => id.replace(/RoleDefaultPolicy.*$/, ''));
    expect(of).toEqual(['VersionCheckCaller']);
    for (const [, { Properties }] of policies) expect(JSON.stringify(Properties)).not.toContain('"Resource":"*"');
  });
});

function arnOfLive({ Ref }: { readonly Ref: string }): object {
  return { 'Fn::Join': ['', [{ 'Fn::GetAtt': [Ref, 'Arn'] }, ':live']] };
}

describe('a rotation of the signing key', async () => {
  const holders = ['discovery', 'introspect', 'mcp', 'revoke', 'token'];
  const rotation = [
    { current: 'a' },
    { current: 'a', next: 'b' },
    { current: 'b', retired: 'a' },
    { current: 'b', next: 'a' },
    { current: 'b' },
  ];
  const steps = await Promise.all(rotation.map((signingKeys) => templateOf({ signingKeys }, isBundled)));

  test.for([
    ['announces the next one', 0, 1],
    ['switches to it', 1, 2],
    ['calls the same keys by other names', 2, 3],
    ['retires the old one', 2, 4],
  ] as const)('publishes a version of every Lambda that holds keys, and of no other, when it %s', ([, from, to]) => {
    const [before, after] = [steps[from], steps[to]];
    if (!before || !after) throw new Error('There is no such step');
    expect(published(before, after)).toEqual(holders);
  });

  test('publishes nothing when nothing is rotated', async () => {
    const signingKeys = { current: 'a' };
    expect(
      published(
        await templateOf({ signingKeys }, isBundled),
        await templateOf({ signingKeys, logRetentionDays: 3 }, isBundled),
      ),
    ).toEqual([]);
  });

  test('leaves the token endpoint able to sign with the old key, for the version that a rollback goes back to', () => {
    const template = steps[2];
    const policies = template ? resources(template, 'AWS::IAM::Policy') : [];
    const statements = policies
      .filter(([id]) => id.startsWith('Token'))
      .flatMap(
        ([, { Properties }]) =>
          (Properties.PolicyDocument as { Statement: { Action: string; Resource: unknown }[] }).Statement,
      );
    const signable = JSON.stringify(
      statements.filter(({ Action }) => Action === 'kms:Sign').map(({ Resource }) => Resource),
    );
    expect(signable).toMatch(/SigningKeysa/);
    expect(signable).toMatch(/SigningKeysb/);
  });
});
