import { randomUUID } from 'node:crypto';
import { createServer, listen, readBody } from './http.ts';
import { isRecord } from './intrinsics.ts';
import type { Lambda } from './lambda.ts';
import { Refusal } from './refusal.ts';
import type { CustomResource } from './stack.ts';

/** Has a Lambda create a custom resource, as CloudFormation does. Returns the attributes that it sends back. */
export async function createCustomResource(
  resource: CustomResource,
  lambda: Lambda,
): Promise<Readonly<Record<string, unknown>>> {
  let answer: unknown;
  const server = createServer(async (request, response) => {
    answer = JSON.parse(String(await readBody(request, 1_000_000)));
    response.end();
  });
  const port = await listen(server, '127.0.0.1', 0);
  try {
    await lambda.invoke(JSON.stringify(creation(resource, `http://127.0.0.1:${port}/`)));
    return attributesIn(answer);
  } catch (error) {
    throw new Refusal(`The custom resource ${resource.id} cannot be created: ${String(error)}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function creation({ id, type, functionId, properties }: CustomResource, ResponseURL: string): object {
  return {
    RequestType: 'Create',
    ResponseURL,
    RequestId: randomUUID(),
    StackId: 'local',
    LogicalResourceId: id,
    ResourceType: type,
    ResourceProperties: { ServiceToken: functionId, ...properties },
  };
}

function attributesIn(answer: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(answer)) throw new Error('no answer was sent to its ResponseURL');
  if (answer.Status !== 'SUCCESS') throw new Error(String(answer.Reason));
  return isRecord(answer.Data) ? answer.Data : {};
}
