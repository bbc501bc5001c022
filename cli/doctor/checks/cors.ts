import { randomUUID } from 'node:crypto';
import { type Check, type Group, must } from '../check.ts';
import type { Deployment } from '../deployment.ts';
import { allPaths, paths } from './well-known.ts';

/** Where MCP Inspector runs, as an example of a client that is a web page. */
const ORIGIN = 'http://localhost:6274';
const asked = [
  ...['authorization', 'content-type', 'last-event-id'],
  ...['mcp-protocol-version', 'mcp-method', 'mcp-name', 'mcp-session-id'],
];
const exposed = ['www-authenticate', 'mcp-session-id', 'mcp-protocol-version'];
const remedy =
  'The Lambdas set these headers themselves. Set no CORS on the API in API Gateway, which would replace them, and have ' +
  'what stands before it pass OPTIONS and the access-control headers.';

/** What web pages may do: call as clients do, and never look at the pages of the sign-in. Fetch Standard §3.3. */
export const cors: Group = {
  title: 'Web pages as clients (CORS)',
  checks: [
    ...[
      ['POST', '/mcp'],
      ['POST', '/token'],
      ['POST', '/register'],
      ['POST', '/revoke'],
    ].map(([method = '', path = '']) => preflightCheck(`preflight of ${path}`, method, [path])),
    preflightCheck('preflight of the documents', 'GET', allPaths),
    {
      name: 'headers that pages may read',
      proves: `a page may read the refusal of /mcp, with ${exposed.join(', ')}, what /token refuses, and the documents`,
      remedy,
      run: async (deployment) => {
        const headers = { origin: ORIGIN };
        const [refusal, error, document] = await Promise.all([
          deployment.request('/mcp', { headers }),
          deployment.request('/token', { method: 'POST', headers, body: new URLSearchParams() }),
          deployment.request(paths.resourceOfMcp, { headers }),
        ]);
        const read = { '/mcp': refusal, '/token': error, [paths.resourceOfMcp]: document };
        for (const [path, answer] of Object.entries(read)) mustAdmit(answer.headers, path);
        const shown = list(refusal.headers, 'access-control-expose-headers');
        const hidden = exposed.filter((name) => !shown.includes(name));
        must(hidden.length === 0, `${hidden.join(', ')} is hidden from pages at /mcp`);
      },
    },
    {
      name: 'sign-in is closed to pages',
      proves: 'no page of another site may read an answer of /authorize, RFC 9700 §2.6',
      remedy: 'Have neither API Gateway nor what stands before it add access-control headers.',
      run: async (deployment) => {
        for (const method of ['OPTIONS', 'GET']) {
          const headers = { origin: ORIGIN, 'access-control-request-method': 'GET' };
          const answer = await deployment.request(`/authorize?client_id=${randomUUID()}`, { method, headers });
          const open = [...answer.headers.keys()].find((name) => name.startsWith('access-control-allow'));
          must(open === undefined, `${method} /authorize is answered with ${open}`);
        }
      },
    },
  ],
};

function preflightCheck(name: string, method: string, all: readonly string[]): Check {
  return {
    name,
    proves: `a page may send ${method} with the headers of MCP clients: ${asked.join(', ')}`,
    remedy,
    run: async (deployment) => {
      await Promise.all(all.map((path) => mustAllow(deployment, method, path)));
    },
  };
}

async function mustAllow(deployment: Deployment, method: string, path: string): Promise<void> {
  const { status, headers } = await deployment.request(path, {
    method: 'OPTIONS',
    headers: {
      origin: ORIGIN,
      'access-control-request-method': method,
      'access-control-request-headers': asked.join(','),
    },
  });
  must(status === 200 || status === 204, `${path}: the status is ${status}`);
  mustAdmit(headers, path);
  const methods = list(headers, 'access-control-allow-methods');
  must(methods.includes(method.toLowerCase()), `${path}: access-control-allow-methods lacks ${method}`);
  const allowed = list(headers, 'access-control-allow-headers');
  const refused = asked.filter((name) => !allowed.includes(name));
  must(refused.length === 0, `${path}: access-control-allow-headers lacks ${refused.join(', ')}`);
}

function mustAdmit(headers: Headers, path: string): void {
  const origin = headers.get('access-control-allow-origin');
  must(origin === '*' || origin === ORIGIN, `${path}: access-control-allow-origin is ${origin ?? 'missing'}`);
}

function list(headers: Headers, name: string): readonly string[] {
  return (headers.get(name) ?? '').toLowerCase().split(/\s*,\s*/);
}
