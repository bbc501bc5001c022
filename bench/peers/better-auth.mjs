/* better-auth with its MCP plugin before the MCP SDK's example server, on SQLite; tells its parent the addresses and tokens. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { mcp, requireMcpAuth } from '@better-auth/mcp';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { jwt } from 'better-auth/plugins';
import { answer } from '../example-server.mjs';
import { asJson, ask, connected } from './flow.mjs';

const folder = mkdtempSync(join(tmpdir(), 'vestibule-better-auth-'));
process.once('disconnect', () => process.exit());
process.once('exit', () => rmSync(folder, { recursive: true }));

const server = createServer((request, response) => handle(request, response)).listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;
const resource = `${origin}/mcp`;
const options = {
  baseURL: origin,
  secret: 'only-for-this-measurement-on-the-loopback',
  database: new DatabaseSync(join(folder, 'auth.db')),
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  plugins: [
    jwt(),
    mcp({
      loginPage: '/login',
      consentPage: '/consent',
      resource,
      scopes: ['openid', 'offline_access', 'todos:read'],
      allowDynamicClientRegistration: true,
      allowUnauthenticatedClientRegistration: true,
    }),
  ],
};
await (await getMigrations(options)).runMigrations();
const auth = betterAuth(options);
const pages = toNodeHandler(auth);
const { baseURL } = await auth.$context;
const mcpEndpoint = requireMcpAuth(auth, answer, { resource, requiredScopes: ['todos:read'] });

async function handle(request, response) {
  if (request.url !== '/mcp') return pages(request, response);
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method, headers } = request;
  const answered = await mcpEndpoint(new Request(resource, { method, headers, body: Buffer.concat(chunks) }));
  response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(await answered.text());
}

const person = { name: 'Somebody', email: 'somebody@example.com', password: 'only-for-this-measurement' };
const signedUp = await ask(`${baseURL}/sign-up/email`, asJson(person, { origin }));
const cookie = signedUp.headers
  .getSetCookie()
  .map((one) => one.split(';')[0])
  .join('; ');
const approve = async (url) => {
  const { url: consentPage } = await (await ask(url, { headers: { cookie, accept: 'application/json' } })).json();
  const oauth_query = consentPage.slice(consentPage.indexOf('?') + 1);
  const decision = asJson({ accept: true, oauth_query }, { cookie, origin });
  return (await (await ask(`${baseURL}/oauth2/consent`, decision)).json()).url;
};
const endpoints = {
  register: `${baseURL}/oauth2/register`,
  authorize: `${baseURL}/oauth2/authorize`,
  token: `${baseURL}/oauth2/token`,
};
process.send(await connected({ ...endpoints, resource, scope: 'todos:read offline_access' }, approve));
