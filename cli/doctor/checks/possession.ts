import { type Check, must } from '../check.ts';
import { type Deployment, message } from '../deployment.ts';
import { Key } from '../key.ts';
import { takesOnlyBound } from './challenge.ts';
import { refreshWith } from './refresh.ts';

/** That a token that is bound to a key is of no use to somebody who has a copy of it. RFC 9449 §7. */
export const possession: Check = {
  name: 'token bound to a key',
  proves: 'a token that is bound to a key works with proofs of that key, and a copy is refused without them',
  remedy:
    'Have what stands before the API pass the headers Authorization and DPoP as they are. If it does, look into the log of the Token and Mcp functions.',
  run: async (deployment) => {
    const { connection, isBound: isAsked } = deployment;
    must(
      isAsked || !(await takesOnlyBound(deployment)),
      'it gives a token that is bound to no key, though its metadata says that it takes none of those',
    );
    const token = isAsked ? connection.accessTokens[0] : await boundToken(deployment);
    const { status } = await deployment.ask('tools/list', {}, { authorization: `Bearer ${token}` });
    must(status === 200, `with a proof it is refused: the status is ${status}`);
    for (const scheme of ['Bearer', 'DPoP']) await mustRefuseCopy(`${scheme} ${token}`, deployment);
    const thief = new Key();
    thief.take(token);
    await mustRefuseCopy(`Bearer ${token}`, deployment, thief);
    return isAsked ? 'the server asks for that' : 'for clients that want it';
  },
};

/** A token that is bound to doctor's key, though nobody asked for that. */
async function boundToken(deployment: Deployment): Promise<string> {
  const { connection, key, means } = deployment;
  const wire = key.proving(means.wire);
  const { accessToken, refreshToken } = await refreshWith(connection.refreshToken, deployment, { wire });
  deployment.connection = { ...connection, refreshToken };
  must(key.binds(accessToken), 'a token that is asked for with a proof is not bound to its key');
  return accessToken;
}

/** Shows a token without a proof, or with one of another key. */
async function mustRefuseCopy(authorization: string, deployment: Deployment, thief?: Key): Promise<void> {
  const wire = thief?.over(deployment.means.wire) ?? deployment.means.wire;
  const { status } = await deployment.request('/mcp', message('tools/list', {}, { authorization }), wire);
  const how = thief ? 'with a proof of another key' : `without a proof, as ${authorization.split(' ')[0]}`;
  must(status === 401, `a copy of it is taken ${how}: the status is ${status}, not 401`);
}
