import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The parts of an API Gateway event (HTTP API, payload format 2.0) that are known before its route is. */
export type ReceivedRequest = {
  readonly method: string;
  /** Decoded, as API Gateway gives it to a Lambda: an encoded slash is a slash. */
  readonly path: string;
  readonly rawQueryString: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly timeEpoch: number;
  readonly requestId: string;
};

/** The content types that API Gateway passes on as text. All others, forms among them, are sent as base64. */
const textTypes = /^(text\/.*|application\/(json|javascript|xml))$/;

/** Reads a request as the gateway does. Undefined if its path has a broken escape. Leaves out `X-Local-Source-Ip` and `X-Local-Clock-Offset`, which only it obeys. */
export function receive(request: IncomingMessage, body: Buffer, port: number): ReceivedRequest | undefined {
  const { cookie, 'x-local-source-ip': ip, 'x-local-clock-offset': offset, ...headers } = joinedHeaders(request);
  const sourceIp = ip ?? request.socket.remoteAddress ?? '';
  const [encodedPath = '/', ...query] = (request.url ?? '/').split('?');
  const path = decodedPath(encodedPath);
  if (path === undefined) return undefined;
  return {
    method: request.method ?? 'GET',
    path,
    rawQueryString: query.join('?'),
    headers: { ...headers, ...forwarded(headers, sourceIp, port, body) },
    cookies: cookie?.split(/; */).filter(Boolean) ?? [],
    body,
    sourceIp,
    timeEpoch: Math.floor(Date.now() + 1_000 * (Number(offset) || 0)),
    requestId: randomBytes(11).toString('base64'),
  };
}

/** The event for the Lambda of a route. */
export function lambdaEvent(
  request: ReceivedRequest,
  routeKey: string,
  pathParameters: Readonly<Record<string, string>> | undefined,
  host?: string,
): object {
  const { method, path, rawQueryString, headers, cookies, body, sourceIp, timeEpoch, requestId } = request;
  const isBase64Encoded = body.length > 0 && !textTypes.test(mediaType(headers));
  const domainName = (headers.host ?? 'localhost').replace(/:\d+$/, '');
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(rawQueryString && { queryStringParameters: queryParameters(rawQueryString) }),
    ...(pathParameters && { pathParameters }),
    ...(host !== undefined && { stageVariables: { host } }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName,
      domainPrefix: domainName.split('.')[0],
      http: { method, path, protocol: 'HTTP/1.1', sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId,
      routeKey,
      stage: '$default',
      time: commonLogTime(timeEpoch),
      timeEpoch,
    },
    ...(body.length > 0 && { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
}

function joinedHeaders({ rawHeaders }: IncomingMessage): Record<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = Buffer.from(rawHeaders[index + 1] ?? '', 'latin1').toString('utf8');
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : [before, value].join(name === 'cookie' ? ';' : ','));
  }
  for (const name of ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'expect']) headers.delete(name);
  return Object.fromEntries(headers);
}

/** The headers that the gateway adds. It appends the caller to what a proxy before it, or the caller, has claimed. */
function forwarded(headers: Record<string, string>, sourceIp: string, port: number, body: Buffer) {
  const before = headers['x-forwarded-for'];
  const trace = `Root=1-${Math.floor(Date.now() / 1_000).toString(16)}-${randomBytes(12).toString('hex')}`;
  return {
    'content-length': String(body.length),
    'x-amzn-trace-id': headers['x-amzn-trace-id'] ?? trace,
    'x-forwarded-for': before ? `${before}, ${sourceIp}` : sourceIp,
    'x-forwarded-port': String(port),
    'x-forwarded-proto': 'http',
  };
}

/** API Gateway decodes the path once and takes what follows a decoded `?` for nothing. */
function decodedPath(path: string): string | undefined {
  try {
    return decodeURIComponent(path).split('?')[0];
  } catch {
    return undefined;
  }
}

function queryParameters(query: string): Record<string, string> {
  const all = new URLSearchParams(query);
  return Object.fromEntries([...new Set(all.keys())].map((name) => [name, all.getAll(name).join(',')]));
}

function mediaType(headers: Readonly<Record<string, string>>): string {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** `12/Mar/2026:19:03:58 +0000` */
function commonLogTime(timeEpoch: number): string {
  const [, day, month, year, time] = new Date(timeEpoch).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
