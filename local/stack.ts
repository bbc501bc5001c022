import type { Assembly, Resource } from './assembly.ts';
import { evaluate, isRecord, type Scope } from './intrinsics.ts';
import { type HeaderMapping, headerMappings } from './mappings.ts';
import { account, arn, functionArn, functionIdIn, keyId, partition, region } from './names.ts';

type Properties = Readonly<Record<string, unknown>>;

/** A Lambda as its template describes it, all values known. */
export type FunctionDefinition = {
  /** Its logical id, which is its name here too. */
  readonly id: string;
  readonly arn: string;
  readonly folder: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
};

/** A route of the HTTP API with its integration. */
export type Route = {
  readonly key: string;
  readonly functionId: string;
  readonly timeoutMilliseconds: number;
  /** What happens to the headers of an answer, by status. */
  readonly mappings: ReadonlyMap<number, readonly HeaderMapping[]>;
};

export type TableDefinition = {
  readonly name: string;
  readonly properties: Properties;
  readonly ttlAttribute: string | undefined;
};

export type CustomResource = {
  readonly id: string;
  readonly type: string;
  readonly functionId: string;
  readonly properties: Properties;
};

/** The template with its values filled in, as CloudFormation would: names, ARNs and what custom resources returned. */
export class Stack {
  readonly #assembly: Assembly;
  readonly #endpoint: string;
  readonly #returned = new Map<string, Properties>();

  constructor(assembly: Assembly, endpoint: string) {
    this.#assembly = assembly;
    this.#endpoint = endpoint;
  }

  get name(): string {
    return this.#assembly.stackName;
  }

  get routes(): Route[] {
    const integrations = new Map(this.#all('AWS::ApiGatewayV2::Integration').map(([id]) => [`integrations/${id}`, id]));
    return this.#all('AWS::ApiGatewayV2::Route').map(([id]) => {
      const { RouteKey, Target } = this.#properties(id);
      const integration = integrations.get(String(Target));
      if (!integration) throw new Error(`The route ${String(RouteKey)} has no integration`);
      return { key: String(RouteKey), ...this.#integration(integration) };
    });
  }

  get tables(): TableDefinition[] {
    const all = [...this.#all('AWS::DynamoDB::GlobalTable'), ...this.#all('AWS::DynamoDB::Table')];
    return all.map(([id]) => {
      const properties = this.#properties(id);
      const ttl = properties.TimeToLiveSpecification;
      const ttlAttribute = isRecord(ttl) && ttl.Enabled ? String(ttl.AttributeName) : undefined;
      return { name: String(this.#ref(id)), properties, ttlAttribute };
    });
  }

  get customResources(): CustomResource[] {
    const own = Object.entries(this.#assembly.template.Resources).filter(([, { Type }]) => isCustom(Type));
    return own.map(([id, { Type }]) => {
      const { ServiceToken, ...properties } = this.#properties(id);
      return { id, type: Type, functionId: functionIdIn(String(ServiceToken)), properties };
    });
  }

  /** Remembers what a custom resource returned: its attributes from now on. */
  remember(customResource: string, attributes: Properties): void {
    this.#returned.set(customResource, attributes);
  }

  /** The Lambda with this logical id. Throws when a custom resource that its environment names is not known yet. */
  function(id: string): FunctionDefinition {
    const { Code, Handler, Timeout = 3, MemorySize = 128, Environment } = this.#properties(id);
    if (!isRecord(Code) || typeof Code.S3Key !== 'string') throw new Error(`The code of ${id} must be an asset`);
    return {
      id,
      arn: functionArn(id),
      folder: this.#assembly.assetFolder(Code.S3Key),
      handler: String(Handler),
      timeoutSeconds: Number(Timeout),
      memoryMegabytes: Number(MemorySize),
      environment: isRecord(Environment) ? strings(Environment.Variables) : {},
    };
  }

  #integration(id: string): Omit<Route, 'key'> {
    const {
      IntegrationType,
      IntegrationUri,
      PayloadFormatVersion,
      RequestParameters,
      ResponseParameters,
      TimeoutInMillis,
    } = this.#properties(id);
    if (IntegrationType !== 'AWS_PROXY' || PayloadFormatVersion !== '2.0' || RequestParameters)
      throw new Error(`The integration ${id} must be AWS_PROXY with payload format 2.0 and no request parameters`);
    const statuses = Object.entries(isRecord(ResponseParameters) ? ResponseParameters : {});
    return {
      functionId: functionIdIn(String(IntegrationUri)),
      timeoutMilliseconds: Number(TimeoutInMillis ?? 30_000),
      mappings: new Map(statuses.map(([status, parameters]) => [Number(status), headerMappings(parameters)])),
    };
  }

  #all(type: string): [string, Resource][] {
    return Object.entries(this.#assembly.template.Resources).filter(
      ([, resource]) => resource.Type === type && this.#exists(resource),
    );
  }

  #exists({ Condition }: Resource): boolean {
    return Condition === undefined || Boolean(evaluate({ Condition }, this.#scope));
  }

  #properties(id: string): Properties {
    const values = evaluate(this.#resource(id).Properties ?? {}, this.#scope);
    return isRecord(values) ? values : {};
  }

  #resource(id: string): Resource {
    const resource = this.#assembly.template.Resources[id];
    if (resource) return resource;
    throw new Error(`The template has no resource ${id}`);
  }

  get #scope(): Scope {
    const { Conditions = {}, Mappings = {} } = this.#assembly.template;
    return {
      ref: (name) => this.#ref(name),
      attribute: (id, name) => this.#attribute(id, name),
      condition: (name) => Conditions[name],
      mapping: (map, first, second) => Mappings[map]?.[first]?.[second],
    };
  }

  #ref(name: string): unknown {
    if (name.startsWith('AWS::')) return this.#pseudoParameter(name);
    const parameter = this.#assembly.template.Parameters?.[name];
    if (parameter) return parameter.Default;
    const { Type } = this.#resource(name);
    if (Type === 'AWS::Lambda::Alias') return `${functionArn(this.#functionOf(name))}:${this.#text(name, 'Name')}`;
    if (Type === 'AWS::Lambda::Version') return `${functionArn(this.#functionOf(name))}:1`;
    if (Type === 'AWS::KMS::Key') return keyId(name);
    if (Type === 'AWS::Lambda::Function' || Type === 'AWS::ApiGatewayV2::Integration') return name;
    return `${this.name}-${name}`;
  }

  #pseudoParameter(name: string): unknown {
    const values = new Map<string, unknown>([
      ['AWS::Region', region],
      ['AWS::AccountId', account],
      ['AWS::Partition', partition],
      ['AWS::URLSuffix', 'amazonaws.com'],
      ['AWS::StackName', this.name],
      ['AWS::StackId', arn('cloudformation', `stack/${this.name}`)],
      ['AWS::NoValue', undefined],
    ]);
    if (values.has(name)) return values.get(name);
    throw new Error(`${name} is not supported by the local runner`);
  }

  #attribute(id: string, name: string): unknown {
    const { Type } = this.#resource(id);
    const attributes = isCustom(Type) ? this.#returned.get(id) : this.#attributes(id, Type);
    const value = attributes?.[name];
    if (value === undefined) throw new Error(`The attribute ${id}.${name} (${Type}) is not known to the local runner`);
    return value;
  }

  #attributes(id: string, type: string): Properties {
    if (type === 'AWS::ApiGatewayV2::Api') return { ApiEndpoint: this.#endpoint, ApiId: this.#ref(id) };
    if (type === 'AWS::Lambda::Function') return { Arn: functionArn(id) };
    if (type === 'AWS::Lambda::Version') return { Version: '1', FunctionArn: this.#ref(id) };
    if (type === 'AWS::KMS::Key') return { Arn: arn('kms', `key/${keyId(id)}`), KeyId: keyId(id) };
    if (type.startsWith('AWS::DynamoDB::')) return { Arn: arn('dynamodb', `table/${String(this.#ref(id))}`) };
    return { Arn: arn(type.split('::')[1]?.toLowerCase() ?? '', id) };
  }

  #functionOf(aliasOrVersion: string): string {
    const name = this.#text(aliasOrVersion, 'FunctionName');
    return name.includes(':function:') ? functionIdIn(name) : name;
  }

  #text(id: string, property: string): string {
    return String(evaluate(this.#resource(id).Properties?.[property], this.#scope));
  }
}

function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

function strings(variables: unknown): Record<string, string> {
  const entries = Object.entries(isRecord(variables) ? variables : {});
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
