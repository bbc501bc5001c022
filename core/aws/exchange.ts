import { type ClientRequest, type IncomingHttpHeaders, Agent as PlainAgent, request as requestPlain } from 'node:http';
import { request as requestTls, Agent as TlsAgent } from 'node:https';
import { AwsError } from './error.ts';

const CONNECTION_MILLISECONDS = 1_000;
const pool = { keepAlive: true, maxSockets: 50 };
/** What holds the connections of the server itself. */
export const plainAgent = new PlainAgent(pool);
export const tlsAgent = new TlsAgent(pool);

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
    const stopWaiting = afterReading(milliseconds, () => {
      fail(timeout(`no answer within ${milliseconds} ms`));
      request.destroy();
    });
    const fail = (cause: Error) => {
      stopWaiting();
      reject(cause instanceof AwsError ? cause : new AwsError('NetworkingError', cause.message, { cause }));
    };
    limitConnecting(request);
    request.on('error', fail).on('response', (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('error', fail)
        .on('end', () => {
          stopWaiting();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
        });
    });
    request.end(body);
  });
}

function limitConnecting(request: ClientRequest): void {
  request.on('socket', (socket) => {
    if (!socket.connecting) return;
    const stop = afterReading(CONNECTION_MILLISECONDS, () =>
      request.destroy(timeout(`no connection within ${CONNECTION_MILLISECONDS} ms`)),
    );
    socket.once('connect', stop).once('close', stop);
  });
}

/**
 * Does something after a while, but reads first what has arrived by then: a process that had no processor for that long,
 * or was frozen between two invocations, finds its time over and the answer there at once. Returns what prevents it.
 */
function afterReading(milliseconds: number, act: () => void): () => void {
  let last: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    last = setImmediate(act);
  }, milliseconds);
  return () => {
    clearTimeout(timer);
    clearImmediate(last);
  };
}

function timeout(message: string): AwsError {
  return new AwsError('TimeoutError', message);
}
