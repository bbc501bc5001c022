import { type Check, type Group, must, NotChecked } from '../check.ts';
import { type Deployment, json, type Members, names } from '../deployment.ts';
import { tlsChecks } from './tls.ts';
import { paths } from './well-known.ts';

const MOST_APART_SECONDS = 30;

/** Where the other host is, as the one that was asked names it. What clients would go by. RFC 9728 §3.2, §4. */
const hosts: Check = {
  name: 'hosts',
  proves: 'the MCP server and its authorization server are on one host, or on two that answer and name each other',
  remedy:
    'domain.authorization in vestibule.config.ts gives the authorization server a host of its own. See that both names ' +
    'lead to the stack, and deploy again: each document is made from the settings.',
  run: async (deployment) => {
    const [resource, server] = await Promise.all([
      said(deployment, paths.resourceOfMcp),
      said(deployment, paths.server),
    ]);
    if (!resource && !server) throw new NotChecked(`needs ${paths.resourceOfMcp} or ${paths.server}`);
    const asked = deployment.issuer;
    if (resource && server) return mustBeOne(asked, resource, server);
    const issuer = resource ? names(resource.authorization_servers)[0] : asked;
    const mcpUrl = server ? names(server.protected_resources)[0] : deployment.mcpUrl;
    if (!isLike(asked, issuer) || !isLike(asked, mcpUrl) || new URL(issuer).origin === new URL(mcpUrl).origin)
      return 'one';
    deployment.isOnTwoHosts(issuer, mcpUrl);
    for (const origin of deployment.origins) {
      const { status } = await deployment.request(`${origin}/healthz`);
      must(status === 200, `${origin}/healthz answers ${status}`);
    }
    const [there, here] = await Promise.all([
      deployment.document(paths.server),
      deployment.document(paths.resourceOfMcp),
    ]);
    must(there.issuer === issuer, `${issuer} serves the metadata of ${there.issuer}`);
    const known = names(there.protected_resources);
    must(known.includes(mcpUrl), `${issuer} serves ${known.join(' ') || 'nothing'}, not ${mcpUrl}`);
    const named = names(here.authorization_servers);
    must(named.includes(issuer), `${mcpUrl} names ${named.join(' ') || 'nobody'}, not ${issuer}`);
    return `${deployment.mcpOrigin} and ${issuer}`;
  },
};

/** Each of two hosts has one of the documents. Where one has both, other checks say what else is wrong with them. */
function mustBeOne(asked: string, resource: Members, server: Members): string {
  const other = [names(resource.authorization_servers)[0], server.issuer].find((one) => one !== asked);
  const isOthers = other !== undefined && server.issuer === other && names(resource.authorization_servers)[0] === other;
  must(
    !isOthers,
    `${asked} serves the metadata of ${other} beside its own`,
    'Each of the two hosts leads to an API of its own: have nothing before them send both names to one, and no redirect between them.',
  );
  return 'one';
}

function said(deployment: Deployment, path: string): Promise<Members | undefined> {
  return deployment.document(path).catch((error: unknown) => {
    if (error instanceof NotChecked) return undefined;
    throw error;
  });
}

/** Whether it is a URL that is as safe as the one that was asked. */
function isLike(asked: string, named: string | undefined): named is string {
  return named !== undefined && URL.parse(named)?.protocol === new URL(asked).protocol;
}

/** That there is a server, and that it is reached as it should be. */
export const server: Group = {
  title: 'The server',
  checks: [
    {
      name: 'answers',
      proves: 'GET /healthz says {"status":"ok"}',
      remedy:
        'Compare the address with the output McpUrl of the stack, or start the local runner with `npm start`. ' +
        'If it is right, look into the log of the Discovery function.',
      run: async (deployment) => {
        const answer = await deployment.request('/healthz').catch((error: unknown) => {
          deployment.giveUp();
          throw error;
        });
        must(answer.status === 200, `the status is ${answer.status}`);
        must(json(answer).status === 'ok', 'it does not say so');
      },
    },
    hosts,
    ...tlsChecks,
    {
      name: 'clock',
      proves: `the server's clock and this machine's are at most ${MOST_APART_SECONDS} seconds apart`,
      remedy:
        "AWS keeps the server's clock, so set this machine's (on Linux: timedatectl set-ntp true). Until then clients " +
        'on it take tokens for expired that are not, or send expired ones.',
      run: async (deployment) => {
        const before = Date.now();
        const { headers } = await deployment.request('/healthz');
        const here = (before + Date.now()) / 2;
        const there = Date.parse(headers.get('date') ?? '');
        must(Number.isFinite(there), 'the answer has no Date', 'Let what stands before the API pass the Date header.');
        const ahead = Math.round((there - here) / 1_000);
        const side = ahead > 0 ? 'ahead of' : 'behind';
        must(Math.abs(ahead) <= MOST_APART_SECONDS, `the server is ${Math.abs(ahead)} seconds ${side} this machine`);
        return `${Math.abs(ahead)} s apart`;
      },
    },
  ],
};
