import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { defineSettings } from '../../lib/settings.ts';
import { resources, templateOf } from '../support/template.ts';

const tools = {
  environment: { SEARCH_PROVIDER: 'brave' },
  secrets: { SEARCH_KEY: '/vestibule/search-key', WEATHER_KEY: '/weather' },
};

let template: Template;
beforeAll(async () => {
  template = await templateOf({ tools });
});

type Environment = { readonly Variables: Readonly<Record<string, unknown>> };

function variablesOf(of: Template, name: string): Record<string, unknown> {
  const lambdas = resources(of, 'AWS::Lambda::Function').filter(([id]) => id.startsWith(name));
  return Object.assign({}, ...lambdas.map(([, { Properties }]) => (Properties.Environment as Environment).Variables));
}

/** What each Lambda may do in SSM, by the logical ids of their policies. */
function rightsInSsm(of: Template): [id: string, statement: unknown][] {
  return resources(of, 'AWS::IAM::Policy').flatMap(([id, { Properties }]) => {
    const { Statement } = Properties.PolicyDocument as { readonly Statement: readonly { readonly Action: unknown }[] };
    return Statement.filter(({ Action }) => JSON.stringify(Action).includes('ssm:')).map(
      (statement): [string, unknown] => [id, statement],
    );
  });
}

describe('what the operator sets for tools', () => {
  test('reaches the MCP endpoint, the secrets by the names of their parameters', () => {
    expect(variablesOf(template, 'Mcp')).toMatchObject({
      SEARCH_PROVIDER: 'brave',
      SEARCH_KEY_PARAMETER: '/vestibule/search-key',
      WEATHER_KEY_PARAMETER: '/weather',
    });
    expect(variablesOf(template, 'Token')).not.toHaveProperty('SEARCH_PROVIDER');
  });

  test('lets it, and no other Lambda, read just those parameters', () => {
    const arn = (name: string) => ({
      'Fn::Join': ['', expect.arrayContaining([expect.stringMatching(`:parameter/${name}$`)])],
    });
    const rights = rightsInSsm(template);
    for (const [id] of rights) expect(id).toMatch(/^Mcp/);
    expect(rights.map(([, statement]) => statement)).toEqual(
      ['vestibule/search-key', 'weather'].map((name) => ({
        Effect: 'Allow',
        Action: 'ssm:GetParameter',
        Resource: arn(name),
      })),
    );
  });

  test.for([
    { environment: { A: 'x'.repeat(3_000) } },
    {
      environment: Object.fromEntries(
        Array.from({ length: 100 }, (_, at) => [`NAME_${at}`, 'ünüsual value of 25 bytes']),
      ),
    },
    {
      secrets: Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`NAME_${at}`, `/a/${'x'.repeat(60)}/${at}`])),
    },
  ])('has room in the variables of a Lambda, which are 4 KB: %#', (tools) => {
    expect(() => defineSettings({ sender: 'sign-in@example.com', tools })).toThrow(
      'tools: environment and secrets must be at most 2,500 bytes together',
    );
  });

  test('gives no right in SSM where there is no secret', async () => {
    expect(rightsInSsm(await templateOf())).toEqual([]);
  });

  test('cannot be what the server sets for itself', async () => {
    const names = Object.keys(variablesOf(await templateOf(), 'Mcp'));
    expect(names.length).toBeGreaterThan(4);
    for (const name of names) {
      const settings = { sender: 'sign-in@example.com', tools: { environment: { [name]: 'x' } } };
      expect(() => defineSettings(settings), name).toThrow(`tools.environment.${name}: is a variable of the server`);
    }
  });
});
