import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { routes } from '#core/routes.ts';
import { defineSettings } from '../../lib/settings.ts';
import { resources, templateOf } from '../support/template.ts';

const hostedZone = { id: 'Z0123456789ABC', name: 'example.com' };
const domain = { name: 'mcp.example.com', authorization: 'auth.example.com', hostedZone };
const template = await templateOf({ domain, dashboard: true });
const api = { resource: apiAt('resource'), authorization: apiAt('authorization') };

/** The logical id of the API whose stage says that it is this host. */
function apiAt(host: string): string {
  const stages = resources(template, 'AWS::ApiGatewayV2::Stage').flatMap(([, { Properties }]) =>
    (Properties.StageVariables as { host?: string } | undefined)?.host === host ? [Properties.ApiId] : [],
  );
  expect(stages).toHaveLength(1);
  return (stages[0] as { Ref: string }).Ref;
}

function routesOf(id: string): string[] {
  return resources(template, 'AWS::ApiGatewayV2::Route').flatMap(([, { Properties }]) =>
    (Properties.ApiId as { Ref: string }).Ref === id ? [String(Properties.RouteKey)] : [],
  );
}

describe('two hosts', () => {
  test('each have a certificate, records and a mapping at the root, to an API of their own', () => {
    for (const [host, name] of [
      ['resource', 'mcp.example.com'],
      ['authorization', 'auth.example.com'],
    ] as const) {
      template.hasResourceProperties('AWS::CertificateManager::Certificate', {
        DomainName: name,
        DomainValidationOptions: [{ DomainName: name, HostedZoneId: hostedZone.id }],
      });
      for (const Type of ['A', 'AAAA'])
        template.hasResourceProperties('AWS::Route53::RecordSet', { Type, Name: `${name}.` });
      const [[id = ''] = []] = resources(template, 'AWS::ApiGatewayV2::DomainName').filter(
        ([, { Properties }]) => Properties.DomainName === name,
      );
      template.hasResourceProperties('AWS::ApiGatewayV2::ApiMapping', {
        ApiId: { Ref: api[host] },
        DomainName: { Ref: id },
        ApiMappingKey: Match.absent(),
      });
    }
    template.allResourcesProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true });
    template.resourceCountIs('AWS::ApiGatewayV2::Api', 2);
  });

  test('share no route but that of what is not there', () => {
    const { discovery, mcp, ...others } = routes;
    expect(routesOf(api.resource).toSorted()).toEqual([...discovery, ...mcp].toSorted());
    expect(routesOf(api.authorization).toSorted()).toEqual([...discovery, ...Object.values(others).flat()].toSorted());
  });

  test('limit the routes that they have, and may invoke the Lambdas behind them', () => {
    for (const [, { Properties }] of resources(template, 'AWS::ApiGatewayV2::Stage')) {
      const { Ref } = Properties.ApiId as { Ref: string };
      const limited = Object.keys(Properties.RouteSettings as object);
      expect(limited.toSorted()).toEqual(
        routesOf(Ref)
          .filter((key) => key !== '$default')
          .toSorted(),
      );
    }
    const allowed = resources(template, 'AWS::Lambda::Permission').filter(
      ([, { Properties }]) => Properties.Principal === 'apigateway.amazonaws.com',
    );
    // Discovery is behind both.
    expect(allowed).toHaveLength(Object.keys(routes).length + 1);
  });

  test('are told to every endpoint', () => {
    const variables = resources(template, 'AWS::Lambda::Function').map(
      ([, { Properties }]) => (Properties.Environment as { Variables: Record<string, unknown> } | undefined)?.Variables,
    );
    const endpoints = variables.filter((one) => one?.ENDPOINT !== undefined);
    expect(endpoints).toHaveLength(Object.keys(routes).length);
    for (const one of endpoints)
      expect(one).toMatchObject({ ISSUER: 'https://auth.example.com', MCP_ORIGIN: 'https://mcp.example.com' });
    template.hasOutput('Issuer', { Value: 'https://auth.example.com' });
    template.hasOutput('McpUrl', { Value: 'https://mcp.example.com/mcp' });
    template.hasOutput('SetupPage', { Value: 'https://mcp.example.com' });
  });

  test('are counted together, also while one of them counts nothing', () => {
    const [alarm] = resources(template, 'AWS::CloudWatch::Alarm').filter(([id]) => /Failing/.test(id));
    const metrics = alarm?.[1].Properties.Metrics as readonly { readonly Id: string; readonly Expression?: string }[];
    const counted = metrics.find(({ Id }) => Id === 'failed')?.Expression;
    expect(counted).toBe('FILL(mcp5xx, 0) + FILL(authorization5xx, 0)');
    expect(metrics.map(({ Id }) => Id)).toEqual(expect.arrayContaining(['mcp5xx', 'authorization5xx']));
  });

  test('behind CloudFront have a distribution each, and one firewall, one key', async () => {
    const edged = await templateOf({ domain, edge: true });
    edged.resourceCountIs('AWS::CloudFront::Distribution', 2);
    edged.resourceCountIs('AWS::WAFv2::WebACL', 1);
    edged.resourceCountIs('AWS::CloudFront::Function', 1);
    edged.resourceCountIs('AWS::SecretsManager::Secret', 1);
    for (const name of [domain.name, domain.authorization])
      edged.hasResourceProperties('AWS::CloudFront::Distribution', { DistributionConfig: { Aliases: [name] } });
    edged.hasOutput('Issuer', { Value: 'https://auth.example.com' });
  });
});

test('without one for authorization nothing of the second is there', async () => {
  const one = await templateOf({ domain: { name: domain.name, hostedZone } });
  one.resourceCountIs('AWS::ApiGatewayV2::Api', 1);
  expect(JSON.stringify(one.toJSON())).not.toMatch(/MCP_ORIGIN|StageVariables|AuthorizationDoor/);
});

describe('the setting', () => {
  const with_ = (changes: object) => () =>
    defineSettings({ sender: 'sign-in@example.com', domain: { ...domain, ...changes } });

  test.for([
    ['auth.example.com'],
    // One below the other, and the domain itself.
    ['auth.mcp.example.com'],
    ['example.com'],
  ])('takes %s', ([authorization]) => {
    expect(with_({ authorization })).not.toThrow();
  });

  test.for([
    ['mcp.example.com', 'must be another host than name'],
    ['auth.example.org', 'must be a name in the hosted zone'],
    ['notexample.com', 'must be a name in the hosted zone'],
    ['https://auth.example.com', 'must be the name of a host'],
    ['auth.example.com:8443', 'must be the name of a host'],
    ['Auth.example.com', 'must be the name of a host'],
    ['', 'must be the name of a host'],
  ])('refuses %s in one sentence', ([authorization, sentence]) => {
    const refusal = `vestibule.config.ts is not valid:\n  domain.authorization: ${sentence}`;
    expect(with_({ authorization })).toThrow(refusal);
    expect(with_({ authorization })).not.toThrow(/\n.*\n.*domain/);
  });

  test.for([{ name: 'auth.example.com' }, { name: 'other.example.com', authorization: 'mcp.example.com' }])(
    'takes no host of another stage: %o',
    (other) => {
      const stages = { test: { domain: { hostedZone, ...other }, senderIdentity: 'existing' as const } };
      expect(() => defineSettings({ sender: 'sign-in@example.com', domain, stages })).toThrow(
        'stages.test.domain: must differ between stages',
      );
    },
  );
});
