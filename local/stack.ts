import { readStatement, type Statement } from './access/statement.ts';
import type { Assembly } from './assembly.ts';
import { type Host, hostedApis, originOf } from './hosts.ts';
import { isRecord } from './intrinsics.ts';
import { type HeaderMapping, headerMappings } from './mappings.ts';
import { functionArn, functionIdIn } from './names.ts';
import { withoutOwnDomain } from './own-domain.ts';
import { type Properties, TemplateValues } from './template-values.ts';

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
  /** The ARN that the integration names: the Lambda's, or that of an alias of it. */
  readonly invokedArn: string;
  readonly timeoutMilliseconds: number;
  /** Which of two hosts it is of, as its stage says. Undefined where there is one. */
  readonly host: Host | undefined;
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

/** What the clock asks of a Lambda, and how often. */
export type Schedule = {
  readonly functionId: string;
  readonly milliseconds: number;
  /** The event, at a time. */
  readonly eventAt: (time: Date) => string;
};

/** What of a template runs on this machine, with all values filled in. */
export class Stack {
  readonly #assembly: Assembly;
  readonly #endpoint: string;
  readonly #values: TemplateValues;
  readonly #statements = new Map<string, readonly Statement[]>();

  constructor(assembly: Assembly, endpoint: string) {
    this.#endpoint = endpoint;
    this.#assembly = withoutOwnDomain(assembly, endpoint);
    this.#values = new TemplateValues(this.#assembly, endpoint);
  }

  get routes(): Route[] {
    const integrations = new Map(
      this.#values.all('AWS::ApiGatewayV2::Integration').map((id) => [`integrations/${id}`, id]),
    );
    return this.#values.all('AWS::ApiGatewayV2::Route').map((id) => {
      const { ApiId, RouteKey, Target } = this.#values.properties(id);
      const integration = integrations.get(String(Target));
      if (!integration) throw new Error(`The route ${String(RouteKey)} has no integration`);
      return { key: String(RouteKey), host: this.#hosts.get(String(ApiId)), ...this.#integration(integration) };
    });
  }

  /** The hosts of the APIs that are one of two, as their stages say. */
  get #hosts(): ReadonlyMap<string, Host> {
    return new Map([...hostedApis(this.#assembly)].map(([api, host]) => [String(this.#values.ref(api)), host]));
  }

  get tables(): TableDefinition[] {
    const all = ['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table'].flatMap((type) => this.#values.all(type));
    return all.map((id) => {
      const properties = this.#values.properties(id);
      const ttl = properties.TimeToLiveSpecification;
      const ttlAttribute = isRecord(ttl) && ttl.Enabled ? String(ttl.AttributeName) : undefined;
      return { name: String(this.#values.ref(id)), properties, ttlAttribute };
    });
  }

  /** Those with an attribute that something asks for. What the others do concerns a deployment, and there is none here. */
  get customResources(): CustomResource[] {
    const text = JSON.stringify(this.#assembly.template);
    const asked = this.#values.customResources.filter((id) => text.includes(`{"Fn::GetAtt":["${id}",`));
    return asked.map((id) => {
      const { ServiceToken, ...properties } = this.#values.properties(id);
      return { id, type: this.#values.type(id), functionId: functionIdIn(String(ServiceToken)), properties };
    });
  }

  /** What rules with a rate in minutes ask, with the time in their event. */
  get schedules(): Schedule[] {
    return this.#values.all('AWS::Events::Rule').flatMap((id) => {
      const { ScheduleExpression, Targets } = this.#values.properties(id);
      const minutes = Number(/^rate\((\d+) minutes?\)$/.exec(String(ScheduleExpression))?.[1]);
      if (Number.isNaN(minutes)) return [];
      return list(Targets)
        .filter(isRecord)
        .map(({ Arn, InputTransformer }) => {
          const template = isRecord(InputTransformer) ? String(InputTransformer.InputTemplate) : '{}';
          return {
            functionId: functionIdIn(String(Arn)),
            milliseconds: minutes * 60_000,
            eventAt: (time: Date) => template.replaceAll('<time>', JSON.stringify(time.toISOString())),
          };
        });
    });
  }

  /** Where the MCP server is, on this machine. */
  get mcpOrigin(): string {
    return this.#hosts.size > 0 ? originOf('resource', this.#endpoint) : this.#endpoint;
  }

  /** Remembers what a custom resource returned: its attributes from now on. */
  remember(customResource: string, attributes: Properties): void {
    this.#values.remember(customResource, attributes);
  }

  /** Every Lambda whose code is an asset, whether a route leads to it or not. */
  get functions(): FunctionDefinition[] {
    return this.functionIds.map((id) => this.function(id));
  }

  /** Their logical ids. */
  get functionIds(): string[] {
    return this.#values.all('AWS::Lambda::Function').filter((id) => isAsset(this.#values.property(id, 'Code')));
  }

  /** The outputs of the stack by their names. */
  get outputs(): Properties {
    const outputs = Object.entries(this.#assembly.template.Outputs ?? {});
    return Object.fromEntries(outputs.map(([name, { Value }]) => [name, this.#values.value(Value)]));
  }

  /** The Lambda with this logical id. Throws when a custom resource that its environment names is not known yet. */
  function(id: string): FunctionDefinition {
    const { Code, Handler, Timeout = 3, MemorySize = 128, Environment } = this.#values.properties(id);
    if (!isAsset(Code)) throw new Error(`The code of ${id} must be an asset`);
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

  /** What the role of a Lambda lets it do. Others may do nothing. */
  statements(functionId: string): readonly Statement[] {
    const known = this.#statements.get(functionId) ?? this.#statementsOf(functionId);
    this.#statements.set(functionId, known);
    return known;
  }

  #statementsOf(functionId: string): readonly Statement[] {
    if (!this.functionIds.includes(functionId)) return [];
    const arn = this.#values.property(functionId, 'Role');
    const role = this.#values.all('AWS::IAM::Role').find((id) => this.#values.attribute(id, 'Arn') === arn);
    const policies = this.#values.all('AWS::IAM::Policy').map((id) => this.#values.properties(id));
    const own = policies.filter(({ Roles }) => role !== undefined && list(Roles).includes(this.#values.ref(role)));
    return own.flatMap(({ PolicyDocument }) =>
      list(isRecord(PolicyDocument) && PolicyDocument.Statement).map(readStatement),
    );
  }

  /** What API Gateway may invoke. A permission for a Lambda is none for an alias of it, and the other way round. */
  get #permitted(): ReadonlySet<string> {
    const permissions = this.#values.all('AWS::Lambda::Permission').map((id) => this.#values.properties(id));
    const forApi = permissions.filter(({ Principal }) => Principal === 'apigateway.amazonaws.com');
    const names = forApi.map(({ FunctionName }) => String(FunctionName));
    return new Set(names.map((name) => (name.includes(':function:') ? name : functionArn(name))));
  }

  #integration(id: string): Omit<Route, 'key' | 'host'> {
    const {
      IntegrationType,
      IntegrationUri,
      PayloadFormatVersion,
      RequestParameters,
      ResponseParameters,
      TimeoutInMillis,
    } = this.#values.properties(id);
    if (IntegrationType !== 'AWS_PROXY' || PayloadFormatVersion !== '2.0' || RequestParameters)
      throw new Error(`The integration ${id} must be AWS_PROXY with payload format 2.0 and no request parameters`);
    const statuses = Object.entries(isRecord(ResponseParameters) ? ResponseParameters : {});
    const invokedArn = String(IntegrationUri);
    if (!this.#permitted.has(invokedArn))
      throw new Error(`The integration ${id} needs an AWS::Lambda::Permission for just ${invokedArn}`);
    return {
      functionId: functionIdIn(invokedArn),
      invokedArn,
      timeoutMilliseconds: Number(TimeoutInMillis ?? 30_000),
      mappings: new Map(statuses.map(([status, parameters]) => [Number(status), headerMappings(parameters)])),
    };
  }
}

function isAsset(code: unknown): code is { readonly S3Key: string } {
  return isRecord(code) && typeof code.S3Key === 'string';
}

function strings(variables: unknown): Record<string, string> {
  const entries = Object.entries(isRecord(variables) ? variables : {});
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
