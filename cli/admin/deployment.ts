import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import { Failure } from '../shared/failure.ts';
import { projectStack } from '../shared/project.ts';
import { stackOutputs } from '../shared/stack-outputs.ts';
import { wire } from '../shared/wire.ts';
import type { Answer, Ask } from './command.ts';
import type { Target } from './options.ts';

const OUTPUT = 'AdminFunction';

/** A command that is repeated after its answer was lost could be carried out twice. */
const once = { maxAttempts: 1, requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000 } };

/** Finds the Lambda that carries out an operator's commands. Throws a failure when there is none. */
export async function connect(target: Target): Promise<Ask> {
  const isLocal = target.kind === 'local';
  const functionName = isLocal
    ? await localFunction(target.url)
    : await deployedFunction(target.name ?? (await projectStack()));
  return operatorOf(functionName, isLocal ? localEndpoint(target.url) : {});
}

/** What carries out an operator's commands, by the name of its Lambda and where that is. */
export function operatorOf(functionName: string, where: LambdaClientConfig): Ask {
  const lambda = new LambdaClient({ ...once, ...where });
  return (command, input) => ask(lambda, functionName, { command, input, time: new Date().toISOString() });
}

async function deployedFunction(stack: string): Promise<string> {
  const client = new CloudFormationClient({});
  await requireAccess(client);
  const outputs = await stackOutputs(client, stack);
  if (!outputs) throw new Failure(`There is no stack ${stack} in this account and region: --stack names another.`);
  return outputs[OUTPUT] ?? withoutFunction(`The stack ${stack}`);
}

/** Throws a failure that says what to do if the environment leads to no region or no credentials. */
async function requireAccess({ config }: CloudFormationClient): Promise<void> {
  const local = 'For the server on this machine, add --local.';
  await config.region().catch(() => {
    throw new Failure(`No AWS region is set: set AWS_REGION, or AWS_PROFILE to a profile that has one. ${local}`);
  });
  await config.credentials().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`There are no AWS credentials: ${reason.replace(/\.$/, '')}. ${local}`);
  });
}

async function localFunction(url: string): Promise<string> {
  const response = await wire(`${url}/local/outputs`);
  const outputs = response.ok ? record(await response.json()) : {};
  return typeof outputs[OUTPUT] === 'string' ? outputs[OUTPUT] : withoutFunction(url);
}

function withoutFunction(where: string): never {
  throw new Failure(`${where} has no output ${OUTPUT}: it is another server, or an older version.`);
}

/** The runner serves Lambda's Invoke API to everybody on this machine, so any credentials will do. */
function localEndpoint(url: string): LambdaClientConfig {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return { endpoint: `${url}/local/lambda`, region: 'us-east-1', credentials };
}

async function ask(lambda: LambdaClient, functionName: string, request: object): Promise<Answer> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) }),
  );
  const answer = record(JSON.parse(Payload?.transformToString() ?? 'null'));
  if (FunctionError) throw new Failure(`The server failed: ${String(answer.errorMessage)}. Its log says more.`);
  if (answer.ok !== true) throw new Failure(`${String(answer.error)}.`);
  return record(answer.result);
}

function record(value: unknown): Answer {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
