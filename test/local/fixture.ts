import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type FixtureLambda = {
  /** CommonJS that exports `handler`. */
  readonly source: string;
  readonly routes: readonly string[];
  /** More properties of the function, such as `Timeout`. */
  readonly function?: object;
  /** More properties of its integration, such as `ResponseParameters`. */
  readonly integration?: object;
};

/** Answers with the event it got, as JSON. */
export const echo = 'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });';

/** Writes a cloud assembly with these Lambdas behind an HTTP API, and other resources. Returns its folder. */
export function writeAssembly(
  lambdas: Record<string, FixtureLambda>,
  resources: object = {},
  folder = mkdtempSync(join(tmpdir(), 'vestibule-assembly-')),
): string {
  const assets = Object.entries(lambdas).map(([id, { source }]) => writeAsset(folder, id, source));
  const json = (file: string, content: object) => writeFileSync(join(folder, file), JSON.stringify(content));
  json('manifest.json', {
    artifacts: {
      'Fixture.assets': { type: 'cdk:asset-manifest', properties: { file: 'Fixture.assets.json' } },
      Fixture: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Fixture.template.json' } },
    },
  });
  json('Fixture.assets.json', { files: Object.fromEntries(assets) });
  const all = Object.entries(lambdas).flatMap(([id, lambda]) => Object.entries(resourcesOf(id, lambda)));
  json('Fixture.template.json', {
    Resources: { Api: { Type: 'AWS::ApiGatewayV2::Api' }, ...Object.fromEntries(all), ...resources },
  });
  return folder;
}

function writeAsset(folder: string, id: string, source: string): readonly [string, object] {
  const path = `asset.${createHash('sha256').update(source).digest('hex')}`;
  mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, path, 'index.js'), source);
  return [id, { source: { path, packaging: 'zip' }, destinations: { current: { objectKey: `${id}.zip` } } }];
}

function resourcesOf(id: string, { routes, ...more }: FixtureLambda): object {
  const integration = {
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: { 'Fn::GetAtt': [id, 'Arn'] },
    PayloadFormatVersion: '2.0',
    ...more.integration,
  };
  const permission = {
    Action: 'lambda:InvokeFunction',
    FunctionName: integration.IntegrationUri,
    Principal: 'apigateway.amazonaws.com',
  };
  const Target = { 'Fn::Join': ['/', ['integrations', { Ref: `${id}Integration` }]] };
  const code = { Code: { S3Key: `${id}.zip` }, Handler: 'index.handler', MemorySize: 256, Timeout: 10 };
  const Role = { 'Fn::GetAtt': [`${id}Role`, 'Arn'] };
  const everything = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  return {
    [`${id}Role`]: { Type: 'AWS::IAM::Role' },
    [`${id}Policy`]: {
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: [{ Ref: `${id}Role` }], PolicyDocument: everything },
    },
    [id]: { Type: 'AWS::Lambda::Function', Properties: { ...code, Role, ...more.function } },
    [`${id}Permission`]: { Type: 'AWS::Lambda::Permission', Properties: permission },
    [`${id}Integration`]: { Type: 'AWS::ApiGatewayV2::Integration', Properties: integration },
    ...Object.fromEntries(
      routes.map((RouteKey) => [
        `${id} ${RouteKey}`,
        { Type: 'AWS::ApiGatewayV2::Route', Properties: { RouteKey, Target } },
      ]),
    ),
  };
}
