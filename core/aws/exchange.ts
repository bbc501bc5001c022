import { type ClientRequest, type IncomingHttpHeaders, Agent as PlainAgent, request as requestPlain } from 'node:http';
import { request as requestTls, Agent as TlsAgent } from 'node:https';
import { AwsError } from './error.ts';

const CONNECTION_MILLISECONDS = 1_000;
const pool = { keepAlive: true, maxSockets: 50 };
const plainAgent = new PlainAgent(pool);
const tlsAgent = new TlsAgent(pool);

/** A request as it is sent, once. */
export type Sent = {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How long it may take until all of the answer is there. */
  readonly milliseconds: number;
};

/** The answer of a service. */
export type Received = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

/**
 * Sends a request over a connection that is kept for the next, and reads the answer.
 * Throws an `AwsError` without a status when no whole answer comes in time.
 */
export function exchange({ url, method, headers, body, milliseconds }: Sent): Promise<Received> {
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:'
        ? requestTls(url, { method, headers, agent: tlsAgent })
        : requestPlain(url, { method, headers, agent: plainAgent });
    const timer = setTimeout(() => {
      fail(timeout(`no answer within ${milliseconds} ms`));
      request.destroy();
    }, milliseconds);
    const fail = (cause: Error) => {
      clearTimeout(timer);
      reject(cause instanceof AwsError ? cause : new AwsError('NetworkingError', cause.message, { cause }));
    };
    limitConnecting(request);
    request.on('error', fail).on('response', (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('error', fail)
        .on('end', () => {
          clearTimeout(timer);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
        });
    });
    request.end(body);
  });
}

function limitConnecting(request: ClientRequest): void {
  request.on('socket', (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(
      () => request.destroy(timeout(`no connection within ${CONNECTION_MILLISECONDS} ms`)),
      CONNECTION_MILLISECONDS,
    );
    const stop = () => clearTimeout(timer);
    socket.once('connect', stop).once('close', stop);
  });
}

function timeout(message: string): AwsError {
  return new AwsError('TimeoutError', message);
}
