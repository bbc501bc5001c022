import { randomUUID } from 'node:crypto';
import { type Check, type Group, must } from '../check.ts';
import { type Answer, json } from '../deployment.ts';
import { takesOnlyBound } from './challenge.ts';

const remedy = 'Look into the log of the Token function: it says why it refused, or that the table cannot be reached.';

/** That clients are refused in words that tell them what to do next. RFC 6749 §5.2. */
export const token: Group = {
  title: 'Token endpoint',
  checks: [
    {
      name: 'made-up refresh token',
      proves: 'a refresh token that is not known is invalid_grant, at which a client signs in again',
      remedy,
      run: async (deployment) => {
        const { clientId: client_id } = deployment;
        const made = { grant_type: 'refresh_token', client_id, refresh_token: randomUUID() };
        mustRefuse(await deployment.post('/token', made), 400, 'invalid_grant');
      },
    },
    {
      name: 'answers are not kept',
      proves: 'what the token endpoint answers is kept nowhere on the way, RFC 6749 §5.1',
      remedy: 'Have what stands before the API pass Cache-Control as it is, and keep no answer of /token.',
      run: async (deployment) => {
        const made = { grant_type: 'password', client_id: randomUUID() };
        const answer = await deployment.post('/token', made, deployment.means.wire);
        mustRefuse(answer, 400, (await takesOnlyBound(deployment)) ? 'invalid_dpop_proof' : 'unsupported_grant_type');
        const value = answer.headers.get('cache-control');
        must(/\bno-store\b/.test(value ?? ''), `cache-control is ${value === null ? 'missing' : `"${value}"`}`);
      },
    },
  ],
};

/** Comes after the removal of the registration, so that the client was known once. */
export const goneClient: Check = {
  name: 'client that is gone',
  proves: 'a client that is not known any more gets 401 invalid_client, at which it registers again',
  remedy,
  run: async (deployment) => {
    const client_id = deployment.removedClientId ?? randomUUID();
    const made = { grant_type: 'refresh_token', client_id, refresh_token: randomUUID() };
    mustRefuse(await deployment.post('/token', made), 401, 'invalid_client');
  },
};

/** Holds an answer to be this refusal. Throws a fault. */
export function mustRefuse(answer: Answer, status: number, code: string): void {
  must(answer.status === status, `the status is ${answer.status}, not ${status}`);
  const { error } = json(answer);
  must(error === code, `the error is ${error}, not ${code}`);
}
