import { Agent, request } from 'node:http';

/** What is posted: JSON, unless it says otherwise. */
type Sent = { readonly url: string; readonly token?: string; readonly type?: string; readonly body: string };

const agent = new Agent({ keepAlive: true });

/** Posts a body and gives the answer. Throws when it is none that a caller could use. */
export function post({ url, token, type = 'application/json', body }: Sent): Promise<string> {
  const headers = {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    accept: 'application/json, text/event-stream',
    authorization: token === undefined ? undefined : `Bearer ${token}`,
  };
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: 'POST', agent, headers: defined(headers) }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => {
        const isUsable = answer.statusCode === 200 && !text.includes('"isError":true');
        if (isUsable) resolve(text);
        else reject(new Error(`${url} answered ${answer.statusCode}: ${text}`));
      });
    });
    asking.on('error', reject).end(body);
  });
}

function defined(headers: Readonly<Record<string, string | number | undefined>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
  );
}
