import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { routes } from '#core/routes.ts';
import { resources, templateOf } from '../support/template.ts';

const template = await templateOf({ edge: true });
const domain = { name: 'mcp.example.com', hostedZone: { id: 'Z0123456789ABC', name: 'example.com' } };
const webAclArn = 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/mine/1';
const edgeCertificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/1';
const named = await templateOf({ edge: true, domain: { ...domain, edgeCertificateArn }, firewall: { webAclArn } });

const [[distribution] = []] = resources(template, 'AWS::CloudFront::Distribution');
const [[secret] = []] = resources(template, 'AWS::SecretsManager::Secret');
/** The key, which CloudFormation fills in as it deploys. */
const key = { 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: secret }, ':SecretString:::}}']] };

describe('CloudFront before the API', () => {
  test('passes everything on and keeps nothing, with a key and the address of whoever asks', () => {
    template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        HttpVersion: 'http2and3',
        IPV6Enabled: true,
        WebACLId: { 'Fn::GetAtt': [Match.stringLikeRegexp('Firewall'), 'Arn'] },
        DefaultCacheBehavior: {
          AllowedMethods: Match.arrayWith(['OPTIONS', 'POST', 'DELETE']),
          // The managed policies CachingDisabled and AllViewerExceptHostHeader.
          CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
          OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
          ViewerProtocolPolicy: 'redirect-to-https',
          FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: Match.anyValue() }],
        },
        Origins: [
          Match.objectLike({
            CustomOriginConfig: Match.objectLike({
              OriginProtocolPolicy: 'https-only',
              OriginSSLProtocols: ['TLSv1.2'],
            }),
            OriginCustomHeaders: [{ HeaderName: 'x-vestibule-key', HeaderValue: key }],
          }),
        ],
      },
    });
    template.hasResourceProperties('AWS::CloudFront::Function', {
      FunctionCode: Match.stringLikeRegexp(
        "request.headers\\['x-vestibule-viewer'\\] = \\{ value: event.viewer.ip \\}",
      ),
    });
  });

  test('is the issuer’s host, and shows its key to every endpoint', () => {
    const lambdas = resources(template, 'AWS::Lambda::Function').map(
      ([, { Properties }]) =>
        (Properties.Environment as { Variables: Record<string, unknown> } | undefined)?.Variables ?? {},
    );
    const issuer = { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [distribution, 'DomainName'] }]] };
    const endpoints = lambdas.filter((variables) => 'EDGE_KEY' in variables);
    expect(endpoints).toHaveLength(Object.keys(routes).length);
    for (const variables of endpoints) expect(variables).toMatchObject({ ISSUER: issuer, EDGE_KEY: key });
    template.hasOutput('Issuer', { Value: issuer });
    template.hasOutput('EdgeDomain', { Value: { 'Fn::GetAtt': [distribution, 'DomainName'] } });
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: false });
  });

  test('takes a name of the operator’s own, with its certificate and records', () => {
    named.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        Aliases: ['mcp.example.com'],
        WebACLId: webAclArn,
        ViewerCertificate: { AcmCertificateArn: edgeCertificateArn, MinimumProtocolVersion: 'TLSv1.2_2021' },
      },
    });
    named.hasOutput('Issuer', { Value: 'https://mcp.example.com' });
    named.resourceCountIs('AWS::ApiGatewayV2::DomainName', 0);
    named.resourceCountIs('AWS::WAFv2::WebACL', 0);
    named.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    const types = resources(named, 'AWS::Route53::RecordSet').flatMap(([, { Properties }]) =>
      Properties.Name === 'mcp.example.com.' ? Properties.Type : [],
    );
    expect(types.toSorted()).toEqual(['A', 'AAAA']);
  });

  test('is not there unless the settings want it', async () => {
    const usual = await templateOf();
    usual.resourceCountIs('AWS::CloudFront::Distribution', 0);
  });
});

describe('its firewall', () => {
  test('stops an address that sends too much, but not those from which many people come', () => {
    const [[hosted] = []] = resources(template, 'AWS::WAFv2::IPSet');
    template.hasResourceProperties('AWS::WAFv2::IPSet', { Scope: 'CLOUDFRONT', Addresses: ['160.79.104.0/21'] });
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'CLOUDFRONT',
      DefaultAction: { Allow: {} },
      Rules: [
        Match.objectLike({ Name: 'BadName', OverrideAction: { None: {} } }),
        Match.objectLike({
          Name: 'TooMany',
          Action: { Block: { CustomResponse: { ResponseCode: 429 } } },
          Statement: {
            RateBasedStatement: {
              AggregateKeyType: 'IP',
              EvaluationWindowSec: 300,
              Limit: 3_000,
              ScopeDownStatement: {
                NotStatement: {
                  Statement: { IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': [hosted, 'Arn'] } } },
                },
              },
            },
          },
        }),
      ],
    });
  });
});
