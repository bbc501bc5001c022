import { randomUUID } from 'node:crypto';
import { createServer, listen, readBody } from '../http.ts';
import { isRecord } from '../intrinsics.ts';

/** A mail as this service remembers it. */
export type StoredMail = {
  readonly messageId: string;
  readonly destination: { readonly to: readonly string[] };
  readonly subject: string;
  readonly body: { readonly text: string; readonly html: string };
  /** When it was sent, in whole seconds. */
  readonly at: number;
};

const sendingPath = '/v2/email/outbound-emails';
const largestMail = 10 * 1024 * 1024;

/** The one call of SES that the stack makes. Mail goes nowhere: `GET /store` lists it. Returns the service's address. */
export async function startSes(): Promise<string> {
  const mails: StoredMail[] = [];
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const body = await readBody(request, largestMail);
    const answer = (status: number, said: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
    if (request.method === 'GET' && pathname === '/store') {
      const since = Number(searchParams.get('since') ?? 0);
      return answer(200, { emails: mails.filter(({ at }) => at >= since) });
    }
    if (request.method !== 'POST' || pathname !== sendingPath)
      return answer(404, { message: `${request.method} ${pathname} is not part of this stand-in` });
    const mail = readMail(body);
    if (!mail) return answer(400, { message: 'A mail needs a destination and simple content, in JSON' });
    mails.push(mail);
    return answer(200, { MessageId: mail.messageId });
  });
  return `http://127.0.0.1:${await listen(server, '127.0.0.1', 0)}`;
}

function readMail(body: Buffer | undefined): StoredMail | undefined {
  const { Destination, Content } = record(parsed(body));
  const to = record(Destination).ToAddresses;
  const { Subject, Body } = record(record(Content).Simple);
  if (!Array.isArray(to) || to.length === 0 || !isRecord(Body)) return undefined;
  return {
    messageId: randomUUID(),
    destination: { to: to.map(String) },
    subject: data(Subject),
    body: { text: data(Body.Text), html: data(Body.Html) },
    at: Math.floor(Date.now() / 1_000),
  };
}

function parsed(body: Buffer | undefined): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}

function data(part: unknown): string {
  return String(record(part).Data ?? '');
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
