import { type Group, must } from '../check.ts';
import { json } from '../deployment.ts';
import { tlsChecks } from './tls.ts';

const MOST_APART_SECONDS = 30;

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
