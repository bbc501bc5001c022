import { describe, expect, test } from 'vitest';
import { evaluate, type Scope } from '../../local/intrinsics.ts';

const conditions: Record<string, unknown> = {
  Yes: { 'Fn::Equals': ['a', { Ref: 'Letter' }] },
  No: { 'Fn::Not': [{ Condition: 'Yes' }] },
};
const scope: Scope = {
  ref: (name) => ({ Letter: 'a', 'AWS::Region': 'us-east-1', Zones: ['z1', 'z2'] })[name],
  attribute: (resource, name) => `${resource}/${name}`,
  condition: (name) => conditions[name],
  mapping: (map, first, second) => `${map}-${first}-${second}`,
};

describe('intrinsic functions', () => {
  test.for<[unknown, unknown]>([
    ['plain', 'plain'],
    [{ a: [1, true, null] }, { a: [1, true, null] }],
    [{ Ref: 'Letter' }, 'a'],
    [
      { Ref: 'Letter', and: 'more' },
      { Ref: 'Letter', and: 'more' },
    ],
    [{ 'Fn::GetAtt': ['Api', 'Endpoint'] }, 'Api/Endpoint'],
    [{ 'Fn::GetAtt': 'Api.Nested.Endpoint' }, 'Api/Nested.Endpoint'],
    [{ 'Fn::Join': ['-', ['x', { Ref: 'Letter' }, 1]] }, 'x-a-1'],
    [{ 'Fn::Join': [',', { Ref: 'Zones' }] }, 'z1,z2'],
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: that is how Fn::Sub writes them
    [{ 'Fn::Sub': 'in ${AWS::Region}, ${Api.Endpoint}, ${!Literal}' }, 'in us-east-1, Api/Endpoint, ${Literal}'],
    [{ 'Fn::Sub': ['${name} and ${Letter}', { name: { Ref: 'AWS::Region' } }] }, 'us-east-1 and a'],
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: that is how Fn::Sub writes them
    [{ 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    [{ 'Fn::Select': ['0', { Ref: 'Zones' }] }, 'z1'],
    [{ 'Fn::FindInMap': ['M', { Ref: 'Letter' }, 'k'] }, 'M-a-k'],
    [{ 'Fn::If': ['Yes', 'y', { 'Fn::Unknown': [] }] }, 'y'],
    [{ 'Fn::If': ['No', 'y', 'n'] }, 'n'],
    [{ 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] }, false],
    [{ 'Fn::Or': [{ Condition: 'Yes' }, { Condition: 'No' }] }, true],
    [{ kept: 1, gone: { Ref: 'AWS::NoValue' } }, { kept: 1 }],
    [[1, { Ref: 'AWS::NoValue' }], [1]],
  ])('%j is %j', ([template, value]) => {
    expect(evaluate(template, scope)).toEqual(value);
  });

  test.for<[unknown, string]>([
    [{ 'Fn::ImportValue': 'x' }, 'Fn::ImportValue is not supported'],
    [{ 'Fn::Join': 'x' }, 'Fn::Join needs a list'],
    [{ 'Fn::Select': [3, ['a']] }, 'Fn::Select finds no item 3'],
    [{ Ref: 7 }, 'Ref needs a string'],
  ])('%j is refused by name', ([template, message]) => {
    expect(() => evaluate(template, scope)).toThrow(message);
  });
});
