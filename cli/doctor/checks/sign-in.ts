import { openBrowser } from '../../shared/browser.ts';
import { discover } from '../../shared/discovery.ts';
import { walkThrough } from '../../shared/mailbox.ts';
import { callTool, listTools } from '../../shared/mcp.ts';
import { signIn as startSignIn } from '../../shared/sign-in.ts';
import { type Check, Fault, type Group, must, NotChecked } from '../check.ts';
import type { Deployment } from '../deployment.ts';
import { mustChallenge } from './challenge.ts';
import { harmlessTools, missingScope } from './missing-scope.ts';
import { possession } from './possession.ts';
import { refreshWith } from './refresh.ts';
import { mustRefuse } from './token.ts';

const remedyFor = (lambda: string) => `Look into the log of the ${lambda} function: it says why it refused or failed.`;

/** That a person can connect a client. */
export const begin: Check = {
  name: 'sign-in',
  proves: 'a person who signs in and approves gets the client an access token and a refresh token',
  remedy: `Read the sentence above; if it is the server that failed: ${remedyFor('Authorize')} If no code came by mail, see the check of the mail.`,
  limitSeconds: ({ timeoutSeconds, limitSeconds }) => timeoutSeconds + limitSeconds,
  run: async (deployment) => {
    const { options, mcpUrl, wire } = deployment;
    const means = { ...deployment.means, wire };
    if (!options.signsIn) throw new NotChecked('needs --sign-in');
    const { clientId } = deployment;
    const server = await discover(new URL(mcpUrl), undefined, wire);
    const asked = { server, client: { client_id: clientId }, scope: server.scopes?.join(' ') ?? '' };
    const visit = (address: URL, redirectUri: string) => visited(address, redirectUri, deployment);
    const { tokens } = await startSignIn(asked, { ...means, visit, timeoutSeconds: options.timeoutSeconds });
    must(tokens.refresh_token !== undefined, 'there is no refresh token', remedyFor('Token'));
    must(tokens.expires_at !== undefined, 'it is not said when the access token expires', remedyFor('Token'));
    const scopes = tokens.scope.split(' ');
    deployment.connection = { accessTokens: [tokens.access_token], refreshToken: tokens.refresh_token, scopes };
    return `for ${tokens.scope}`;
  },
};

/** On this machine the mailbox is at hand; elsewhere a person signs in. */
async function visited(address: URL, redirectUri: string, { isLocal, options, means }: Deployment): Promise<void> {
  if (isLocal) return await walkThrough(address, { email: options.email, redirectUri, wire: means.wire });
  means.tell(
    `Allow everything it asks for, or less is checked. Open this address in your browser to sign in:\n${address}`,
  );
  if (options.opensBrowser) openBrowser(address);
}

/** That the tools can be read. */
export const tools: Check = {
  name: 'tools',
  proves: 'the tools are listed',
  remedy: remedyFor('Mcp'),
  run: async (deployment) => {
    const listed = await listTools(targetOf(deployment));
    must(listed.length > 0, 'there are none');
    deployment.connection = { ...deployment.connection, tools: listed };
    return listed.map(({ name }) => name).join(' ');
  },
};

/** That a token counts in its header alone: addresses are kept in logs. OAuth 2.1 §5.1.1. */
export const tokenInAddress: Check = {
  name: 'token in the address',
  proves: 'an access token in the address opens nothing',
  remedy: 'The Mcp function takes no token from an address: have nothing before the API turn one into a header.',
  run: async (deployment) => {
    const { accessTokens } = deployment.connection;
    const path = `${deployment.mcpUrl}?access_token=${encodeURIComponent(accessTokens[0])}`;
    const { status } = await deployment.ask('tools/call', { name: 'doctor', arguments: {} }, {}, path);
    must(status === 401, `the status is ${status}, not 401`);
  },
};

/** That nothing of it is left. */
export const revocation: Check = {
  name: 'revocation',
  proves: 'the client can end what it was granted, RFC 7009 §2',
  remedy: remedyFor('Revoke'),
  tidiesUp: true,
  run: async (deployment) => {
    const { connection, clientId: client_id } = deployment;
    const { status } = await deployment.post('/revoke', { token: connection.refreshToken, client_id });
    must(status === 200, `the status is ${status}`);
    deployment.connection = { ...connection, isRevoked: true };
  },
};

/** That a sign-in leads to tools that work, and that it can be ended. MCP 2026-07-28, Authorization. */
export const signIn: Group = {
  title: 'Sign-in',
  checks: [
    begin,
    tools,
    {
      name: 'call of a tool',
      proves: 'a tool that changes nothing answers',
      remedy: remedyFor('Mcp'),
      run: async (deployment) => {
        const [tool] = harmlessTools(deployment);
        if (!tool) throw new NotChecked('needs a tool that was granted, only reads and takes no input');
        const { isError } = await callTool(targetOf(deployment), tool.name, {});
        must(isError !== true, `${tool.name} answers with an error`);
        return tool.name;
      },
    },
    {
      name: 'refresh',
      proves: 'a refresh token gives a new access token and its own successor',
      remedy: remedyFor('Token'),
      run: async (deployment) => {
        const { connection } = deployment;
        const { accessToken, refreshToken } = await refreshWith(connection.refreshToken, deployment);
        must(refreshToken !== connection.refreshToken, 'the refresh token stays the same');
        const accessTokens = [accessToken, ...connection.accessTokens] as const;
        deployment.connection = { ...connection, accessTokens, refreshToken, spentToken: connection.refreshToken };
      },
    },
    {
      name: 'refresh that is repeated',
      proves: 'the second use of a spent refresh token, a moment later, gives the same successor',
      remedy:
        'Without this, an answer that is lost signs the person out. lifetimes.repeatWindowSeconds in vestibule.config.ts ' +
        'says how long a spent token may be repeated: 60 seconds unless you set it.',
      run: async (deployment) => {
        const { connection } = deployment;
        if (connection.spentToken === undefined) throw new NotChecked('needs the refresh');
        const { accessToken, refreshToken } = await refreshWith(connection.spentToken, deployment);
        must(refreshToken === connection.refreshToken, 'it gives another successor');
        deployment.connection = { ...connection, accessTokens: [accessToken, ...connection.accessTokens] };
      },
    },
    possession,
    missingScope,
    tokenInAddress,
    revocation,
    {
      name: 'access ends',
      proves: 'after the revocation the very next call with any of its access tokens is refused',
      remedy: `${remedyFor('Mcp')} Have nothing before the API keep answers of /mcp.`,
      run: async (deployment) => {
        const { accessTokens } = afterRevocation(deployment);
        for (const accessToken of accessTokens) {
          const answer = await deployment.ask('tools/list', {}, { authorization: `Bearer ${accessToken}` });
          if (answer.status === 200) throw new Fault('an access token still opens /mcp');
          await mustChallenge(answer, deployment, 'invalid_token');
        }
      },
    },
    {
      name: 'refresh ends',
      proves: 'after the revocation its refresh token is invalid_grant',
      remedy: remedyFor('Token'),
      run: async (deployment) => {
        const { refreshToken: refresh_token } = afterRevocation(deployment);
        const { clientId: client_id } = deployment;
        const answer = await deployment.post('/token', { grant_type: 'refresh_token', client_id, refresh_token });
        mustRefuse(answer, 400, 'invalid_grant');
      },
    },
  ],
};

/** Where and with which token the tools are called. */
export function targetOf({ mcpUrl, connection, wire }: Deployment) {
  return { url: new URL(mcpUrl), token: connection.accessTokens[0], wire };
}

function afterRevocation({ connection }: Deployment): Deployment['connection'] {
  if (!connection.isRevoked) throw new NotChecked('needs the revocation');
  return connection;
}
