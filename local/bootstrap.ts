/**
 * What runs inside each Lambda process: loads the handler, then asks the Lambda Runtime API for one event after the other.
 * The same contract as AWS's own Node.js runtime, so a handler cannot tell the difference.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { createRequire, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { format } from 'node:util';

type Handler = (event: unknown, context: object) => unknown;
type Level = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

const { env } = process;
// To import it loads all that `fetch` needs as well, which takes as long as the rest of the start. The Lambdas require it.
const { request: send } = process.getBuiltinModule('node:http');
const [host, port] = (env.AWS_LAMBDA_RUNTIME_API ?? '').split(':');
const api = '/2018-06-01/runtime';
let requestId: string | undefined;
// It has served its purpose, and Lambda does not set it.
delete env.NODE_COMPILE_CACHE;

/** Writes a line in Lambda's JSON log format. */
function log(level: Level, values: readonly unknown[]): void {
  const line = { timestamp: new Date().toISOString(), level, requestId };
  const error = values.length > 1 ? values.find((value) => value instanceof Error) : undefined;
  const message = values.length === 1 ? values[0] : format(...values);
  process.stdout.write(`${stringify({ ...line, message, ...(error && describe(error)) })}\n`);
}

function stringify(line: { readonly message: unknown }): string {
  try {
    return JSON.stringify(line, (_, value: unknown) =>
      value instanceof Error ? { ...describe(value), ...value } : value,
    );
  } catch {
    return JSON.stringify({ ...line, message: format(line.message) });
  }
}

function describe(error: unknown) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), stackTrace: [] };
  return {
    errorType: error.constructor.name,
    errorMessage: error.message,
    stackTrace: (error.stack ?? '').split('\n'),
  };
}

function call(method: string, path: string, body = ''): Promise<{ headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = send({ host, port, method, path: `${api}${path}` }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() });
    });
    sent.on('error', reject).end(body);
  });
}

async function loadHandler(): Promise<Handler> {
  const [file = 'index', name = 'handler'] = (env._HANDLER ?? '').split('.');
  const require = createRequire(join(env.LAMBDA_TASK_ROOT ?? '', '/'));
  const handler: unknown = require(`./${file}`)[name];
  if (typeof handler === 'function') return handler as Handler;
  throw new Error(`${env._HANDLER} is undefined or not exported`);
}

function contextOf(headers: IncomingHttpHeaders): object {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: requestId,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

async function serve(handler: Handler): Promise<void> {
  const { headers, body } = await call('GET', '/invocation/next');
  requestId = String(headers['lambda-runtime-aws-request-id']);
  env._X_AMZN_TRACE_ID = String(headers['lambda-runtime-trace-id']);
  const invocation = `/invocation/${requestId}`;
  try {
    const result = await handler(JSON.parse(body), contextOf(headers));
    await call('POST', `${invocation}/response`, JSON.stringify(result ?? null));
  } catch (error) {
    log('ERROR', [error]);
    await call('POST', `${invocation}/error`, JSON.stringify(describe(error)));
  }
}

async function fail(error: unknown): Promise<never> {
  log('ERROR', [error]);
  const path = requestId ? `/invocation/${requestId}/error` : '/init/error';
  await call('POST', path, JSON.stringify(describe(error))).catch(() => undefined);
  process.exit(1);
}

console.trace = (...values) => log('TRACE', values);
console.debug = (...values) => log('DEBUG', values);
console.info = console.log = (...values) => log('INFO', values);
console.warn = (...values) => log('WARN', values);
console.error = (...values) => log('ERROR', values);
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
// Its input ends when the process that started it is gone, even in the middle of an invocation.
process.stdin.on('end', () => process.exit()).resume();
if ('unref' in process.stdin) process.stdin.unref();

const handler = await loadHandler().catch(fail);
await serve(handler);
// A process that is ended has no time to keep what it compiled, and the next one would compile it again.
flushCompileCache();
for (;;) await serve(handler);
