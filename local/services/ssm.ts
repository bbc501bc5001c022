import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, listen, readBody } from '../http.ts';

/** The one call of SSM that the stack makes. The parameter `/a/b` is the file `a/b` in the folder. Returns its address. */
export async function startSsm(folder: string): Promise<string> {
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const body = await readBody(request, 1_000_000);
    const { Name } = JSON.parse(String(body)) as { readonly Name: string };
    const [status, result] = answer(folder, operation, Name);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(result));
  });
  const port = await listen(server, '127.0.0.1', 0);
  return `http://127.0.0.1:${port}`;
}

function answer(folder: string, operation: string, Name: string): [status: number, result: object] {
  if (operation !== 'GetParameter')
    return [400, { __type: 'UnsupportedOperationException', message: `${operation} is not part of this stand-in` }];
  const file = join(folder, Name);
  const isName = /^(\/[\w.-]+)+$/.test(Name) && !Name.split('/').includes('..');
  if (!isName || !statSync(file, { throwIfNoEntry: false })?.isFile()) return [400, { __type: 'ParameterNotFound' }];
  const Value = readFileSync(file, 'utf8').trimEnd();
  return [200, { Parameter: { Name, Type: 'SecureString', Value, Version: 1 } }];
}
