import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { routes } from '#core/routes.ts';
import { root } from '../../local/assembly.ts';

/** What `sam local start-api -t` reads of a template: references are followed from route to integration to function. */
type Resource = {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
};

const folder = mkdtempSync(join(tmpdir(), 'vestibule-sam-'));
afterAll(() => rmSync(folder, { recursive: true }));

// As `npm run synth` does: only the CDK's own command line has the template name its assets.
const cdk = join(root, 'node_modules/aws-cdk/bin/cdk');
await promisify(execFile)(process.execPath, [cdk, 'synth', '--quiet', '--output', folder], { cwd: root });
const template = JSON.parse(readFileSync(join(folder, 'Vestibule.template.json'), 'utf8'));
const all = Object.entries(template.Resources as Record<string, Resource>);
const ofType = (type: string) => all.filter(([, { Type }]) => Type === type);

describe('SAM finds in the template', () => {
  test('the bundle of every Lambda, in the folder of the assembly', () => {
    const lambdas = ofType('AWS::Lambda::Function');
    expect(lambdas.length).toBeGreaterThan(Object.keys(routes).length);
    for (const [, { Metadata = {} }] of lambdas) {
      expect(Metadata).toMatchObject({ 'aws:asset:property': 'Code', 'aws:asset:path': expect.any(String) });
      expect(existsSync(join(folder, String(Metadata['aws:asset:path']), 'index.js'))).toBe(true);
    }
  });

  test('a Lambda behind every route, whose ARN it can put together by itself', () => {
    const found = ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
      const [, integration] = joined(Properties.Target);
      const { IntegrationUri, PayloadFormatVersion } = template.Resources[integration].Properties;
      expect(PayloadFormatVersion).toBe('2.0');
      const [lambda, alias] = joined(IntegrationUri);
      expect(alias).toBe(':live');
      expect(template.Resources[lambda].Type).toBe('AWS::Lambda::Function');
      return Properties.RouteKey;
    });
    expect(found.sort()).toEqual(Object.values(routes).flat().sort());
  });

  test('the one API that the stage belongs to', () => {
    const [[id]] = ofType('AWS::ApiGatewayV2::Api') as [[string, Resource]];
    const [[, stage]] = ofType('AWS::ApiGatewayV2::Stage') as [[string, Resource]];
    expect(stage.Properties.ApiId).toEqual({ Ref: id });
  });
});

/** The parts of a joined text, each reference as the logical id that it names. */
function joined(value: unknown): [string, string] {
  const [separator, parts] = (value as { readonly 'Fn::Join': [string, (string | object)[]] })['Fn::Join'];
  expect(separator).toBe('');
  return parts.map((part) => (typeof part === 'string' ? part : String(Object.values(part).flat()[0]))) as [
    string,
    string,
  ];
}
