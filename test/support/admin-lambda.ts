import { readAssembly } from '../../local/assembly.ts';
import { assemblyOf } from './assembly.ts';

type Answer = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: string };

const LAMBDA = 'AWS::Lambda::Function';

/** Has the Lambda for the operator carry out a command, at a local stack of the product's own Lambdas. Throws when it is refused. */
export async function operate(issuer: string, command: string, input: object, secondsFromNow = 0): Promise<unknown> {
  const time = new Date(Date.now() + secondsFromNow * 1_000).toISOString();
  const answer = (await invoke(issuer, 'Admin', { command, time, input })) as Answer;
  if (!answer.ok) throw new Error(answer.error ?? JSON.stringify(answer));
  return answer.result;
}

/** Lets a mail to an address come back, as SES and EventBridge tell of it. */
export async function comeBack(issuer: string, address: string): Promise<void> {
  const time = new Date(Date.now() - 60_000).toISOString().replace(/\.\d+/, '');
  const mail = { timestamp: time, messageId: '0100', source: 'sign-in@vestibule.example', destination: [address] };
  await invoke(issuer, 'Bounces', {
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    account: '000000000000',
    region: 'us-east-1',
    source: 'aws.ses',
    'detail-type': 'Email Bounced',
    time,
    resources: [],
    detail: {
      eventType: 'Bounce',
      bounce: { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [{ emailAddress: address }] },
      mail: { ...mail, tags: { 'ses:configuration-set': ['Vestibule-SenderConfigurationSet4EA65E7D'] } },
    },
  });
}

/** Invokes a Lambda that no route leads to. */
async function invoke(issuer: string, name: string, payload: object): Promise<unknown> {
  const { Resources } = readAssembly(await assemblyOf()).template;
  const [id] = Object.entries(Resources).find(([id, { Type }]) => Type === LAMBDA && id.startsWith(name)) ?? [];
  const url = `${issuer}/local/lambda/2015-03-31/functions/${id}/invocations`;
  return (await fetch(url, { method: 'POST', body: JSON.stringify(payload) })).json();
}
