import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { serving } from './loopback-server.ts';

/** A stack as CloudFormation tells of it. */
type DeployedStack = {
  readonly outputs?: Readonly<Record<string, string>>;
  /** The physical ids of its resources by their logical ones. */
  readonly resources?: Readonly<Record<string, string>>;
  readonly status?: string;
  /** Changes when somebody changes it. */
  isProtected?: boolean;
  /** The SES identities that it has made. */
  readonly identities?: readonly string[];
  /** The tables of it that nothing deletes. */
  readonly tables?: readonly string[];
};

/** An account and region of AWS. What is left out is as it should be. */
export type Account = {
  readonly id: string;
  readonly stacks: Readonly<Record<string, DeployedStack>>;
  /** The addresses of its HTTP APIs by their ids. */
  readonly apis: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly ses: object;
  /** By name, whether SES has it confirmed. */
  readonly identities: Readonly<Record<string, boolean>>;
  readonly concurrency: number;
  readonly zones: Readonly<Record<string, { readonly name: string; readonly isPrivate?: boolean }>>;
  readonly tables: readonly string[];
  /** What CloudFormation cannot make there. */
  readonly lacks: readonly string[];
  /** What is asked of these is refused: `GetAccount`, or `*` for all. */
  readonly refused: readonly string[];
};

const usual: Account = {
  id: '123456789012',
  stacks: {},
  apis: {},
  parameters: { '/cdk-bootstrap/hnb659fds/version': '21' },
  ses: { SendingEnabled: true, EnforcementStatus: 'HEALTHY', ProductionAccessEnabled: true },
  identities: {},
  concurrency: 1_000,
  zones: { Z0123456789ABC: { name: 'example.com' } },
  tables: [],
  lacks: [],
  refused: [],
};

type Answer = { readonly status?: number; readonly type?: string; readonly body: string };
type Operation = readonly [name: string, answer: (account: Account) => Answer];

/** Stands in for AWS, for the length of a test. Gives the environment that leads every client of an SDK to it. */
export async function accountWith(changes: Partial<Account> = {}): Promise<Record<string, string>> {
  const account = { ...usual, ...changes };
  const origin = await serving(async (request, response) => {
    const [name, answer] = operationOf(request, await text(request));
    const isRefused = account.refused.includes('*') || account.refused.includes(name);
    const { status = 200, type, body } = isRefused ? refusal(request) : answer(account);
    response.writeHead(status, type === undefined ? {} : { 'x-amzn-errortype': type }).end(body);
  });
  return {
    AWS_ENDPOINT_URL: origin,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
}

/** What a request asks, in the protocol of its service. */
function operationOf({ url = '', headers }: IncomingMessage, body: string): Operation {
  const path = decodeURIComponent(url.split('?')[0] ?? '');
  const last = path.split('/').at(-1) ?? '';
  if (path === '/v2/email/account') return ['GetAccount', ({ ses }) => json(ses)];
  if (path.startsWith('/v2/email/identities/'))
    return ['GetEmailIdentity', ({ identities }) => identity(identities[last])];
  if (path.endsWith('/account-settings'))
    return ['GetAccountSettings', ({ concurrency }) => json({ AccountLimit: { ConcurrentExecutions: concurrency } })];
  if (path.startsWith('/v2/apis/')) return ['GetApi', ({ apis }) => api(apis[last])];
  if (path.includes('/hostedzone/')) return ['GetHostedZone', ({ zones }) => zone(zones[last])];
  const [, target] = String(headers['x-amz-target'] ?? '').split('.');
  if (target === 'GetParameter') return [target, ({ parameters }) => parameter(parameters[JSON.parse(body).Name])];
  if (target === 'DescribeTable') return [target, ({ tables }) => table(tables.includes(JSON.parse(body).TableName))];
  const asked = new URLSearchParams(body);
  const action = asked.get('Action') ?? '';
  if (action === 'GetCallerIdentity') return [action, ({ id }) => xml(action, `<Account>${id}</Account>`)];
  if (action === 'DescribeType') return [action, ({ lacks }) => type(lacks.includes(asked.get('TypeName') ?? ''))];
  return [action, ({ stacks }) => cloudFormation(action, stacks[asked.get('StackName') ?? ''], asked)];
}

function json(value: object): Answer {
  return { body: JSON.stringify(value) };
}

function missing(type: string): Answer {
  return { status: 404, type, body: '{}' };
}

function identity(VerifiedForSendingStatus: boolean | undefined): Answer {
  return VerifiedForSendingStatus === undefined ? missing('NotFoundException') : json({ VerifiedForSendingStatus });
}

function api(apiEndpoint: string | undefined): Answer {
  return apiEndpoint === undefined ? missing('NotFoundException') : json({ apiEndpoint });
}

function parameter(Value: string | undefined): Answer {
  return Value === undefined ? { status: 400, type: 'ParameterNotFound', body: '{}' } : json({ Parameter: { Value } });
}

function table(exists: boolean): Answer {
  return exists ? json({ Table: {} }) : { status: 400, type: 'ResourceNotFoundException', body: '{}' };
}

function type(isLacking: boolean): Answer {
  return isLacking ? { status: 404, body: error('TypeNotFoundException') } : xml('DescribeType', '');
}

function zone(found: Account['zones'][string] | undefined): Answer {
  if (!found) return { status: 404, body: error('NoSuchHostedZone') };
  const config = `<Config><PrivateZone>${found.isPrivate ?? false}</PrivateZone></Config>`;
  return {
    body: `<GetHostedZoneResponse><HostedZone><Name>${found.name}.</Name>${config}</HostedZone></GetHostedZoneResponse>`,
  };
}

function cloudFormation(action: string, stack: DeployedStack | undefined, asked: URLSearchParams): Answer {
  const {
    outputs = {},
    resources = {},
    status = 'CREATE_COMPLETE',
    isProtected = false,
    identities = [],
    tables = [],
  } = stack ?? {};
  const nothing = { status: 400, body: error('ValidationError') };
  if (!stack) return nothing;
  if (action === 'DescribeStacks') {
    const members = Object.entries(outputs).map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    );
    const state = `<StackStatus>${status}</StackStatus><EnableTerminationProtection>${isProtected}</EnableTerminationProtection>`;
    const member = `<member><StackName>It</StackName>${state}<Outputs>${members.join('')}</Outputs></member>`;
    return xml(action, `<Stacks>${member}</Stacks>`);
  }
  if (action === 'UpdateTerminationProtection') {
    stack.isProtected = asked.get('EnableTerminationProtection') === 'true';
    return xml(action, '');
  }
  if (action === 'DescribeStackEvents') {
    const event = (name: string, status: string) =>
      `<member><ResourceType>AWS::DynamoDB::GlobalTable</ResourceType><PhysicalResourceId>${name}</PhysicalResourceId><ResourceStatus>${status}</ResourceStatus></member>`;
    const events = tables.flatMap((name) => [event(name, 'DELETE_SKIPPED'), event(name, 'CREATE_COMPLETE')]);
    return xml(action, `<StackEvents>${events.join('')}${event('gone', 'DELETE_COMPLETE')}</StackEvents>`);
  }
  if (action === 'ListStackResources') {
    const members = identities.map(
      (name) =>
        `<member><ResourceType>AWS::SES::EmailIdentity</ResourceType><PhysicalResourceId>${name}</PhysicalResourceId></member>`,
    );
    return xml(action, `<StackResourceSummaries>${members.join('')}</StackResourceSummaries>`);
  }
  const id = resources[asked.get('LogicalResourceId') ?? ''];
  const detail = `<StackResourceDetail><PhysicalResourceId>${id}</PhysicalResourceId></StackResourceDetail>`;
  return id === undefined ? nothing : xml(action, detail);
}

function xml(action: string, content: string): Answer {
  return { body: `<${action}Response><${action}Result>${content}</${action}Result></${action}Response>` };
}

function error(code: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>It is so</Message></Error></ErrorResponse>`;
}

/** A refusal in the protocol of the service that is asked. */
function refusal({ headers, url = '' }: IncomingMessage): Answer {
  const isXml = String(headers['content-type'] ?? '').includes('form-urlencoded') || url.includes('/hostedzone/');
  return {
    status: 403,
    type: isXml ? undefined : 'AccessDeniedException',
    body: isXml ? error('AccessDenied') : '{}',
  } as Answer;
}
