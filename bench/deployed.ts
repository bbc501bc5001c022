import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Resource, readAssembly } from '../local/assembly.ts';
import { Children } from '../local/children.ts';
import { Deployment } from '../local/deployment.ts';
import { region } from '../local/names.ts';
import { type Endpoints, startServices } from '../local/services/start.ts';
import { type FunctionDefinition, Stack } from '../local/stack.ts';
import { Database } from '../local/table.ts';
import { assemblyOf } from '../test/support/assembly.ts';
import { startStack } from '../test/support/stack.ts';

/** The stack on this machine, and how each of its endpoints is deployed. */
export type Deployed = {
  readonly issuer: string;
  /** The address of the table's engine, with nothing between. */
  readonly engine: string;
  readonly tableName: string;
  /** All lines that the Lambdas have printed. */
  readonly logs: () => string;
  /** The Lambda behind an endpoint, by the name of its folder. */
  readonly lambda: (endpoint: string) => FunctionDefinition;
  /** What the process of that Lambda finds in its environment. */
  readonly environment: (endpoint: string) => Readonly<Record<string, string>>;
  /** How many metrics the alarms of the template look at. */
  readonly alarmMetrics: number;
  /** The resources of the template, by their type. */
  readonly count: (type: string) => number;
  /** What a log line of API Gateway looks like. */
  readonly accessLog: string;
  readonly stop: () => Promise<void>;
};

/** Runs the stack with data of its own. What stands between the Lambdas and the services may be given. */
export async function startDeployed(
  between: (endpoints: Endpoints) => Promise<Endpoints> = async (endpoints) => endpoints,
): Promise<Deployed> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-bench-'));
  const children = new Children(join(folder, 'pids'));
  const services = await startServices(folder, children);
  const ASSEMBLY_DIR = await assemblyOf();
  const stack = await startStack({
    dataDir: join(folder, 'stack'),
    env: { ...(await between(services)), ASSEMBLY_DIR },
  });
  const assembly = readAssembly(ASSEMBLY_DIR);
  const environment = { ...lambdaVariables, ...services };
  const definitions = await define(new Stack(assembly, stack.issuer), environment, children);
  const lambda = (endpoint: string) => {
    const found = definitions.functions.find((definition) => definition.environment.ENDPOINT === endpoint);
    if (!found) throw new Error(`There is no Lambda for ${endpoint}`);
    return found;
  };
  const resources = Object.values(assembly.template.Resources);
  const stage = resources.find(({ Type }) => Type === 'AWS::ApiGatewayV2::Stage')?.Properties?.AccessLogSettings;
  return {
    issuer: stack.issuer,
    engine: services.AWS_ENDPOINT_URL_DYNAMODB,
    tableName: definitions.tables[0]?.name ?? '',
    logs: stack.logs,
    lambda,
    environment: (endpoint) => ({ ...environment, ...lambda(endpoint).environment }),
    alarmMetrics: resources.reduce((sum, resource) => sum + metricsOf(resource), 0),
    count: (type) => resources.filter(({ Type }) => Type === type).length,
    accessLog: String((stage as { readonly Format?: unknown } | undefined)?.Format),
    stop: async () => {
      await stack.stop();
      await children.end();
      rmSync(folder, { recursive: true });
    },
  };
}

/** How many metrics an alarm looks at, each of which CloudWatch charges for. */
function metricsOf({ Type, Properties }: Resource): number {
  if (Type !== 'AWS::CloudWatch::Alarm') return 0;
  const metrics = Array.isArray(Properties?.Metrics) ? Properties.Metrics : [{ MetricStat: {} }];
  return metrics.filter((metric) => 'MetricStat' in metric).length;
}

const lambdaVariables = {
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SESSION_TOKEN: 'local',
  AWS_LAMBDA_LOG_FORMAT: 'JSON',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  TZ: 'UTC',
};

/** The custom resources are asked once more, as the running stack keeps their answers to itself. */
async function define(stack: Stack, environment: Readonly<Record<string, string>>, children: Children) {
  const database = new Database(environment.AWS_ENDPOINT_URL_DYNAMODB ?? '');
  await new Deployment(database, { spawn: children.spawn, environment, print: () => undefined }).deploy(stack);
  return { functions: stack.functions, tables: stack.tables };
}
