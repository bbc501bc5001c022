import type { Agent as AgentType, IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, listen, readBody, request as send } from '../http.ts';
import { allowing } from './evaluate.ts';
import { requested } from './requested.ts';
import { noteRight } from './rights-log.ts';
import type { Statement } from './statement.ts';

const LARGEST_CALL = 20 * 1024 * 1024;

/** What each Lambda may do, by its logical id. */
export type Rights = (functionId: string) => readonly Statement[];

/** Stands between the Lambdas and a service, and refuses what their roles do not allow, as AWS would. Returns its address. */
export async function startGuard(endpoint: string, rights: Rights): Promise<string> {
  const agent = new Agent({ keepAlive: true });
  const service = new URL(endpoint);
  const server = createServer(async (incoming, response) => {
    const body = (await readBody(incoming, LARGEST_CALL)) ?? Buffer.alloc(0);
    const refusal = refuse(incoming, body, rights);
    if (refusal === undefined) return forward(incoming, body, response, { endpoint: service, agent });
    response.writeHead(400, {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-errortype': 'AccessDeniedException',
    });
    response.end(JSON.stringify({ __type: 'AccessDeniedException', message: refusal }));
  });
  return `http://127.0.0.1:${await listen(server, '127.0.0.1', 0)}`;
}

function refuse(incoming: IncomingMessage, body: Buffer, rights: Rights): string | undefined {
  const functionId = callerOf(incoming);
  const target = String(incoming.headers['x-amz-target'] ?? '');
  const call = { method: incoming.method ?? '', path: incoming.url ?? '', target, body: parsed(body) };
  const asked = requested(call);
  if (!asked) return `The local runner does not know which right ${call.method} ${call.path} ${target} needs`;
  const refused = asked.find((request) => {
    const statement = allowing(rights(functionId), request);
    noteRight(functionId, request, statement !== undefined);
    return statement === undefined;
  });
  if (!refused) return undefined;
  const keys = [...refused.context].map(([key, values]) => ` with ${key} ${values.join(', ')}`).join('');
  return `${functionId} is not authorized to perform ${refused.action} on ${refused.resources.join(', ')}${keys}`;
}

/** Each Lambda signs with an access key that has its own logical id. */
function callerOf({ headers }: IncomingMessage): string {
  return /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

type Upstream = { readonly endpoint: URL; readonly agent: AgentType };

/** Passes a call on, and whatever comes of it back: also that nothing comes, or that the connection breaks. */
function forward(
  incoming: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  { endpoint, agent }: Upstream,
): void {
  const { method, url: path, headers } = incoming;
  const { hostname, port } = endpoint;
  const outgoing = send({ hostname, port, path, method, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  outgoing.on('error', () => response.destroy());
  response.on('close', () => outgoing.destroy());
  outgoing.end(body);
}
