import { crc32 } from 'node:zlib';
import { env, optionalEnv } from '#core/env.ts';
import { Clock } from './clock.ts';
import { AwsError } from './error.ts';
import { exchange, type Received } from './exchange.ts';
import { type Patience, retries } from './retry.ts';
import { signer } from './sign.ts';

/** A service of AWS, and how it is called. */
export type Service = {
  /** The first label of its host. */
  readonly host: string;
  /** Its name in the scope of a signature. */
  readonly signedAs: string;
  /** Ends the name of the variable with its endpoint, as the AWS SDK has it. */
  readonly variable: string;
  /** How long one try may take. */
  readonly milliseconds: number;
  readonly patience: Patience;
};

/** A request with a body in JSON. */
type JsonRequest = {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly input: object;
};

/** Where the hosts of a partition are, by the start of its regions' names. All others are in amazonaws.com. */
const suffixes = [
  ['cn-', 'amazonaws.com.cn'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
  ['eusc-', 'amazonaws.eu'],
] as const;

/**
 * Makes a function that posts JSON to a service in the Lambda's region and returns its answer.
 * Throws an `AwsError` when the service refuses or, after all tries, is not reached.
 */
export function connectTo(service: Service) {
  const clock = new Clock();
  const persist = retries(service.patience);
  // Found at the first call, as the tools are also loaded at synth, where there is no region.
  let place: Place | undefined;

  return async ({ path, headers, input }: JsonRequest): Promise<object> => {
    place ??= placeOf(service);
    const { base, sign } = place;
    const url = new URL(base + path);
    const body = JSON.stringify(input);
    let isClockCorrected = false;
    const ask = async () => {
      const sentAt = clock.now();
      const request = { method: 'POST', path: url.pathname, headers: { ...headers, host: url.host }, body };
      const signed = sign(request, credentials(), sentAt);
      const named = { ...signed, 'user-agent': 'vestibule' };
      const received = await exchange({ ...request, url, headers: named, milliseconds: service.milliseconds });
      requireWhole(received);
      if (received.status < 300) return read(received);
      isClockCorrected = clock.correct(Date.parse(received.headers.date ?? ''), sentAt);
      throw refusal(received);
    };
    return persist(ask, () => isClockCorrected);
  };
}

/** Makes a function that calls an operation of a service that speaks AWS JSON: the operation is in a header. */
export function connectToJsonRpc(service: Service & { readonly target: string; readonly version: '1.0' | '1.1' }) {
  const call = connectTo(service);
  return (operation: string, input: object): Promise<object> => {
    const headers = {
      'content-type': `application/x-amz-json-${service.version}`,
      'x-amz-target': `${service.target}.${operation}`,
    };
    return call({ path: '/', headers, input });
  };
}

type Place = { readonly base: string; readonly sign: ReturnType<typeof signer> };

function placeOf(service: Service): Place {
  const region = env('AWS_REGION');
  return { base: endpointOf(service, region).replace(/\/$/, ''), sign: signer(region, service.signedAs) };
}

/** Where a service is in a region, unless the environment says otherwise. */
export function endpointOf({ host, variable }: Pick<Service, 'host' | 'variable'>, region: string): string {
  const suffix = suffixes.find(([start]) => region.startsWith(start))?.[1] ?? 'amazonaws.com';
  return (
    optionalEnv(`AWS_ENDPOINT_URL_${variable}`) ||
    optionalEnv('AWS_ENDPOINT_URL') ||
    `https://${host}.${region}.${suffix}`
  );
}

/** Read for each call: a Lambda gets new ones while it lives. */
function credentials() {
  return {
    accessKeyId: env('AWS_ACCESS_KEY_ID'),
    secretAccessKey: env('AWS_SECRET_ACCESS_KEY'),
    sessionToken: optionalEnv('AWS_SESSION_TOKEN'),
  };
}

/** DynamoDB says what the checksum of its answer is. */
function requireWhole({ headers, body }: Received): void {
  const told = headers['x-amz-crc32'];
  if (told !== undefined && Number(told) !== crc32(body))
    throw new AwsError('CRC32CheckFailed', 'The answer is not what its checksum says');
}

function read({ body }: Received): object {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString());
  } catch (cause) {
    throw new AwsError('NetworkingError', 'The answer is not JSON', { cause });
  }
}

function refusal(received: Received): AwsError {
  const { status, headers } = received;
  const members = membersOf(received);
  const type = String(members.__type ?? headers['x-amzn-errortype'] ?? members.code ?? 'Unknown');
  const name = type.replace(/[:,].*$/s, '').replace(/^.*#/s, '');
  const message = members.message ?? members.Message ?? `It answered with status ${status}`;
  return new AwsError(name, String(message), { status, members });
}

/** A proxy in between may refuse in other words than JSON. */
function membersOf({ body }: Received): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
