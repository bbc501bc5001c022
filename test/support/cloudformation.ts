import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A stack as CloudFormation tells of it. */
export type DeployedStack = {
  readonly outputs: Readonly<Record<string, string>>;
  /** The physical ids of its resources by their logical ones. */
  readonly resources: Readonly<Record<string, string>>;
};

/** CloudFormation with these stacks, for the length of a test. Gives the environment that leads an SDK to it. */
export async function cloudFormationWith(
  stacks: Readonly<Record<string, DeployedStack>>,
): Promise<Record<string, string>> {
  const server = createServer(async (request, response) => {
    const asked = new URLSearchParams(await text(request));
    const answer = answers[asked.get('Action') ?? '']?.(stacks[asked.get('StackName') ?? ''], asked) ?? missing;
    response.writeHead(answer === missing ? 400 : 200, { 'content-type': 'text/xml' }).end(answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    AWS_ENDPOINT_URL_CLOUDFORMATION: `http://127.0.0.1:${port}`,
    ...{ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  };
}

type Answer = (stack: DeployedStack | undefined, asked: URLSearchParams) => string | undefined;

const missing = `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>
  <Message>It does not exist</Message></Error></ErrorResponse>`;

const answers: Readonly<Record<string, Answer>> = {
  DescribeStacks: (stack) => {
    const outputs = Object.entries(stack?.outputs ?? {}).map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    );
    const member = `<member><StackName>It</StackName><Outputs>${outputs.join('')}</Outputs></member>`;
    return stack && result('DescribeStacks', `<Stacks>${member}</Stacks>`);
  },
  DescribeStackResource: (stack, asked) => {
    const id = stack?.resources[asked.get('LogicalResourceId') ?? ''];
    const detail = `<StackResourceDetail><PhysicalResourceId>${id}</PhysicalResourceId></StackResourceDetail>`;
    return id && result('DescribeStackResource', detail);
  },
};

function result(action: string, content: string): string {
  const body = `<${action}Result>${content}</${action}Result>`;
  return `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">${body}</${action}Response>`;
}
