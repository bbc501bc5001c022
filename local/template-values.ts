import type { Assembly, Resource } from './assembly.ts';
import { evaluate, isRecord, type Scope } from './intrinsics.ts';
import { account, arn, functionArn, functionIdIn, keyId, partition, region } from './names.ts';

export type Properties = Readonly<Record<string, unknown>>;

/** What the names in a template stand for, as CloudFormation would fill them in: ids, ARNs, what custom resources returned. */
export class TemplateValues {
  readonly #assembly: Assembly;
  readonly #endpoint: string;
  readonly #returned = new Map<string, Properties>();

  constructor(assembly: Assembly, endpoint: string) {
    this.#assembly = assembly;
    this.#endpoint = endpoint;
  }

  /** The resources of a type whose condition holds, by their logical ids. */
  all(type: string): string[] {
    return this.#existing.filter((id) => this.type(id) === type);
  }

  get customResources(): string[] {
    return this.#existing.filter((id) => isCustom(this.type(id)));
  }

  type(id: string): string {
    return this.#resource(id).Type;
  }

  /** The properties of a resource, evaluated. */
  properties(id: string): Properties {
    const values = evaluate(this.#resource(id).Properties ?? {}, this.#scope);
    return isRecord(values) ? values : {};
  }

  /** One property of a resource, evaluated, whatever the others need. */
  property(id: string, name: string): unknown {
    return evaluate(this.#resource(id).Properties?.[name], this.#scope);
  }

  /** Any value of the template, evaluated. */
  value(value: unknown): unknown {
    return evaluate(value, this.#scope);
  }

  /** What `Ref` gives. */
  ref(name: string): unknown {
    if (name.startsWith('AWS::')) return this.#pseudoParameter(name);
    const parameter = this.#assembly.template.Parameters?.[name];
    if (parameter) return parameter.Default;
    const type = this.type(name);
    if (type === 'AWS::Lambda::Alias') return `${functionArn(this.#functionOf(name))}:${this.#text(name, 'Name')}`;
    if (type === 'AWS::Lambda::Version') return `${functionArn(this.#functionOf(name))}:1`;
    if (type === 'AWS::KMS::Key') return keyId(name);
    if (type === 'AWS::Lambda::Function' || type === 'AWS::ApiGatewayV2::Integration') return name;
    return `${this.#assembly.stackName}-${name}`;
  }

  remember(customResource: string, attributes: Properties): void {
    this.#returned.set(customResource, attributes);
  }

  get #existing(): string[] {
    const resources = Object.entries(this.#assembly.template.Resources);
    const existing = resources.filter(([, { Condition }]) => !Condition || evaluate({ Condition }, this.#scope));
    return existing.map(([id]) => id);
  }

  #resource(id: string): Resource {
    const resource = this.#assembly.template.Resources[id];
    if (resource) return resource;
    throw new Error(`The template has no resource ${id}`);
  }

  get #scope(): Scope {
    const { Conditions = {}, Mappings = {} } = this.#assembly.template;
    return {
      ref: (name) => this.ref(name),
      attribute: (id, name) => this.attribute(id, name),
      condition: (name) => Conditions[name],
      mapping: (map, first, second) => Mappings[map]?.[first]?.[second],
    };
  }

  #pseudoParameter(name: string): unknown {
    const values = new Map<string, unknown>([
      ['AWS::Region', region],
      ['AWS::AccountId', account],
      ['AWS::Partition', partition],
      ['AWS::URLSuffix', 'amazonaws.com'],
      ['AWS::StackName', this.#assembly.stackName],
      ['AWS::StackId', arn('cloudformation', `stack/${this.#assembly.stackName}`)],
      ['AWS::NoValue', undefined],
    ]);
    if (values.has(name)) return values.get(name);
    throw new Error(`${name} is not supported by the local runner`);
  }

  /** What `Fn::GetAtt` gives. */
  attribute(id: string, name: string): unknown {
    const type = this.type(id);
    const attributes = isCustom(type) ? this.#returned.get(id) : this.#attributes(id, type);
    const value = attributes?.[name];
    if (value === undefined) throw new Error(`The attribute ${id}.${name} (${type}) is not known to the local runner`);
    return value;
  }

  #attributes(id: string, type: string): Properties {
    if (type === 'AWS::ApiGatewayV2::Api') return { ApiEndpoint: this.#endpoint, ApiId: this.ref(id) };
    if (type === 'AWS::CloudFront::Distribution') return { DomainName: new URL(this.#endpoint).host };
    if (type === 'AWS::Lambda::Function') return { Arn: functionArn(id) };
    if (type === 'AWS::Lambda::Version') return { Version: '1', FunctionArn: this.ref(id) };
    if (type === 'AWS::KMS::Key') return { Arn: arn('kms', `key/${keyId(id)}`), KeyId: keyId(id) };
    if (type.startsWith('AWS::DynamoDB::')) return { Arn: arn('dynamodb', `table/${String(this.ref(id))}`) };
    return { Arn: arn(type.split('::')[1]?.toLowerCase() ?? '', id) };
  }

  #functionOf(aliasOrVersion: string): string {
    const name = this.#text(aliasOrVersion, 'FunctionName');
    return name.includes(':function:') ? functionIdIn(name) : name;
  }

  #text(id: string, property: string): string {
    return String(this.property(id, property));
  }
}

function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}
