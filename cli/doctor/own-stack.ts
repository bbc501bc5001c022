import { Fault, NotChecked } from './check.ts';
import type { Deployment } from './deployment.ts';

/** The region of a stack, where it is known. */
export type Place = { readonly region?: string };

/** The address that API Gateway gives names the region, in every partition; for any other the environment does. */
export function placeOf({ issuer }: Deployment): Place {
  const [, region] = /^https:\/\/[^./]+\.execute-api\.([a-z]+(?:-[a-z]+)+-\d)\./.exec(issuer) ?? [];
  return region === undefined ? {} : { region };
}

/** The outputs of the stack that serves this very deployment, for the credentials may be for another one. */
export async function outputsOf(deployment: Deployment, place: Place): Promise<Readonly<Record<string, string>>> {
  const { mcpUrl, options } = deployment;
  const { stack } = options;
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const { projectStack } = await import('../shared/project.ts');
  const { stackOutputs } = await import('../shared/stack-outputs.ts');
  const client = new CloudFormationClient(place);
  await client.config.credentials().catch(() => {
    throw new NotChecked('no AWS credentials');
  });
  const name = stack ?? (await projectStack());
  const outputs = await stackOutputs(client, name).catch(notTold);
  if (!outputs) return elsewhere(`there is no stack ${name} in this account and region`, stack !== undefined);
  const { McpUrl } = outputs;
  if (McpUrl !== mcpUrl) return elsewhere(`the stack ${name} serves ${McpUrl ?? 'nothing'}`, stack !== undefined);
  return outputs;
}

/** An output that every stack of this version has. */
export function output(outputs: Readonly<Record<string, string>>, name: string): string {
  const value = outputs[name];
  if (value === undefined) throw new NotChecked(`the stack has no output ${name}: deploy it again`);
  return value;
}

/** A stack that somebody named should be the right one; the default one may well not be. */
function elsewhere(sentence: string, isNamed: boolean): never {
  if (isNamed) throw new Fault(sentence, 'Give the name of the stack and, in AWS_PROFILE and AWS_REGION, where it is.');
  throw new NotChecked(`${sentence}; --stack names another`);
}

/** Says that AWS did not answer what it was asked. */
export function notTold(error: unknown): never {
  throw new NotChecked(`AWS did not tell: ${error instanceof Error ? `${error.name}, ${error.message}` : error}`);
}
