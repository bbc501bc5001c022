import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { routes } from '#core/routes.ts';
import { templateOf } from '../support/template.ts';

const hostedZone = { id: 'Z0123456789ABC', name: 'example.com' };
const template = await templateOf({ domain: { name: 'mcp.example.com', hostedZone } });

/** The logical id of the one resource of a type. */
function idOf(type: string): string {
  const [id, ...others] = Object.keys(template.findResources(type));
  expect(others).toEqual([]);
  return id ?? '';
}

test('its certificate is validated through the hosted zone, with no look-up at synthesis', () => {
  template.hasResourceProperties('AWS::CertificateManager::Certificate', {
    DomainName: 'mcp.example.com',
    ValidationMethod: 'DNS',
    DomainValidationOptions: [{ DomainName: 'mcp.example.com', HostedZoneId: hostedZone.id }],
  });
});

test('it leads to the stage, at the root', () => {
  template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
    DomainName: 'mcp.example.com',
    DomainNameConfigurations: [
      {
        CertificateArn: { Ref: idOf('AWS::CertificateManager::Certificate') },
        EndpointType: 'REGIONAL',
        IpAddressType: 'dualstack',
        SecurityPolicy: 'TLS_1_2',
      },
    ],
  });
  template.hasResourceProperties('AWS::ApiGatewayV2::ApiMapping', {
    ApiId: { Ref: idOf('AWS::ApiGatewayV2::Api') },
    DomainName: { Ref: idOf('AWS::ApiGatewayV2::DomainName') },
    Stage: { Ref: idOf('AWS::ApiGatewayV2::Stage') },
    ApiMappingKey: Match.absent(),
  });
});

test.for(['A', 'AAAA'])('it has an alias record %s', (Type) => {
  const attribute = (name: string) => ({ 'Fn::GetAtt': [idOf('AWS::ApiGatewayV2::DomainName'), name] });
  template.hasResourceProperties('AWS::Route53::RecordSet', {
    Type,
    Name: 'mcp.example.com.',
    HostedZoneId: hostedZone.id,
    AliasTarget: { DNSName: attribute('RegionalDomainName'), HostedZoneId: attribute('RegionalHostedZoneId') },
  });
});

test('the address that the API comes with is closed', () => {
  template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true });
});

test('issuer and MCP URL are on it', () => {
  const lambdas = Object.values(template.findResources('AWS::Lambda::Function'));
  const issuers = lambdas.flatMap(({ Properties }) => Properties.Environment?.Variables?.ISSUER ?? []);
  // Beside the endpoints, what reads the keys of issuers for the operator.
  expect(issuers).toEqual([...Object.keys(routes), 'admin'].map(() => 'https://mcp.example.com'));
  template.hasOutput('Issuer', { Value: 'https://mcp.example.com' });
  template.hasOutput('McpUrl', { Value: 'https://mcp.example.com/mcp' });
  template.hasOutput('SetupPage', { Value: 'https://mcp.example.com' });
});

test('a sender in its hosted zone needs nobody to confirm it', () => {
  template.hasOutput('NextSteps', { Value: Match.stringLikeRegexp('^Until AWS') });
});
