import { Lambda } from '@aws-sdk/client-lambda';

const client = new Lambda({});

export async function invoke(FunctionName: string, event: object): Promise<unknown> {
  const { Payload } = await client.invoke({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) });
  return JSON.parse(Payload?.transformToString() ?? 'null');
}
