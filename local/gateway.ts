import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { paths } from '../core/routes.ts';
import { lambdaEvent, receive } from './event.ts';
import { routesAt } from './hosts.ts';
import { createServer, listen, readBody } from './http.ts';
import { type Deployed, operatorAnswer } from './invoke.ts';
import { Mailbox, mailboxPath } from './mailbox.ts';
import { Refusal } from './refusal.ts';
import type { Answered } from './request-line.ts';
import { type Answer, gatewayAnswer, lambdaAnswer } from './response.ts';
import { findRoute } from './router.ts';
import type { Route } from './stack.ts';

const largestBody = 10 * 1024 * 1024;
const largestHead = 10_240;
const largestEvent = 6 * 1024 * 1024;
/** Idle connections stay open for as long as API Gateway keeps them, so that no client meets one that is closing. */
const connections = { maxHeaderSize: 65_536, keepAliveTimeout: 350_000 };
const internalError = gatewayAnswer(500, 'Internal Server Error');
/** The first synth takes a few seconds. A client that is told to wait comes back; one that is told 404 gives up. */
const notYetServing = gatewayAnswer(503, 'Service Unavailable', { 'retry-after': '1' });

/** What is behind the gateway. */
export type Backend = Deployed & { readonly routes: readonly Route[] };

/** The HTTP API on this machine: the same limits, events and failures as API Gateway's. */
export class Gateway {
  readonly port: number;
  readonly #servers: readonly Server[];
  /** Undefined until the stack runs for the first time. */
  #served: { readonly backend: Backend; readonly mailbox: Mailbox } | undefined;

  readonly #tell: (answered: Answered) => void;

  private constructor(servers: readonly Server[], port: number, tell: (answered: Answered) => void) {
    this.#servers = servers;
    this.port = port;
    this.#tell = tell;
    for (const server of servers) {
      server.on('request', (request, response) => void this.#handle(request, response));
      server.on('clientError', refuseConnection);
    }
  }

  /**
   * Binds a port on both loopback addresses, since `localhost` may mean either. Each request that is answered is told,
   * but for those about its health and those that only serve on this machine.
   */
  static async open(port: number, tell: (answered: Answered) => void = () => undefined): Promise<Gateway> {
    const [four, six] = [createServer(connections), createServer(connections)];
    try {
      const bound = await listen(four, '127.0.0.1', port);
      const hasSix = await listen(six, '::1', bound).then(() => true, isWithoutIpv6);
      return new Gateway(hasSix ? [four, six] : [four], bound, tell);
    } catch (error) {
      four.close();
      if (!isTaken(error)) throw error;
      if (port === 0) return Gateway.open(0, tell);
      throw new Refusal(`Port ${port} is in use: stop what uses it, or set PORT to another one (0 for any).`);
    }
  }

  /** Answers from these routes and with the mail of this SES from now on. */
  serve(backend: Backend, sesUrl: string): void {
    this.#served = { backend, mailbox: new Mailbox(sesUrl) };
  }

  close(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    try {
      const body = await readBody(request, largestBody);
      const answer = await this.#answer(request, body);
      write(answer, response);
      if (isForThisMachine(request) || request.url === paths.health) return;
      this.#tell({ request, body: body ?? Buffer.of(), answer, milliseconds: performance.now() - startedAt });
    } catch (error) {
      if (request.socket.destroyed) return;
      console.error(error);
      write(internalError, response);
    }
  }

  async #answer(request: IncomingMessage, body: Buffer | undefined): Promise<Answer> {
    if (!this.#served) return notYetServing;
    const { backend, mailbox } = this.#served;
    if (headSize(request) > largestHead) return gatewayAnswer(431, 'Request Header Fields Too Large');
    if (body === undefined) return gatewayAnswer(413, 'Request Entity Too Large');
    if (isForThisMachine(request) && !isLoopbackHost(request.headers.host))
      return gatewayAnswer(421, 'Misdirected Request');
    if (request.url?.split('?')[0] === mailboxPath) return mailbox.show(request);
    return operatorAnswer(request, body, backend) ?? this.#route(request, body, backend);
  }

  #route(request: IncomingMessage, body: Buffer, { routes, invoke }: Backend): Answer | Promise<Answer> {
    const received = receive(request, body, this.port);
    if (received === undefined) return gatewayAnswer(400, 'Bad Request');
    const match = findRoute(routesAt(request.headers.host, routes), received.method, received.path);
    if (!match) return gatewayAnswer(404, 'Not Found');
    const event = JSON.stringify(lambdaEvent(received, match.route.key, match.pathParameters, match.route.host));
    if (event.length > largestEvent) return gatewayAnswer(413, 'Request Entity Too Large');
    return integrate(match.route, event, invoke);
  }
}

/** What is here and not on AWS: the mailbox, and the operator's commands. */
function isForThisMachine({ url = '' }: IncomingMessage): boolean {
  return url.startsWith('/local/');
}

/**
 * True if a request names this machine. A page of any site can have its own name lead here, and would then be let read
 * what it asks for: the mail with the codes. RFC 9110 §7.4.
 */
function isLoopbackHost(host = ''): boolean {
  return /^(([a-z0-9-]+\.)*localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i.test(host);
}

async function integrate(route: Route, event: string, invoke: Backend['invoke']): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const timer = setTimeout(() => resolve(gatewayAnswer(503, 'Service Unavailable')), route.timeoutMilliseconds);
  invoke(route.functionId, event, route.invokedArn)
    .then((payload) => lambdaAnswer(payload, route.mappings) ?? malformed(route))
    .then(resolve, () => resolve(internalError));
  return promise.finally(() => clearTimeout(timer));
}

function malformed({ key }: Route): Answer {
  console.error(`The Lambda behind ${key} returned what is no answer: see payload format 2.0`);
  return internalError;
}

/** The request line and the values of the headers, as API Gateway counts them. */
function headSize({ method, url, rawHeaders }: IncomingMessage): number {
  const values = rawHeaders.filter((_, index) => index % 2 === 1);
  return `${method} ${url} HTTP/1.1`.length + values.reduce((sum, value) => sum + value.length, 0);
}

function write({ status, headers, cookies, body }: Answer, response: ServerResponse): void {
  for (const [name, value] of headers) response.setHeader(name, value);
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  response.setHeader('content-length', body.length);
  response.writeHead(status).end(body);
}

function refuseConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) return;
  const isTooLong = error.code === 'HPE_HEADER_OVERFLOW';
  const body = JSON.stringify({ message: isTooLong ? 'Request Header Fields Too Large' : 'Bad Request' });
  const status = isTooLong ? '431 Request Header Fields Too Large' : '400 Bad Request';
  const head = ['content-type: application/json', `content-length: ${body.length}`, 'connection: close'];
  socket.end(`HTTP/1.1 ${status}\r\n${head.join('\r\n')}\r\n\r\n${body}`);
}

function isWithoutIpv6(error: unknown): false {
  if (isTaken(error)) throw error;
  return false;
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
