import type { Answer } from '../../admin/command.ts';
import { Fault, type Group, NotChecked } from '../check.ts';
import type { Deployment } from '../deployment.ts';
import { notTold, output, outputsOf, placeOf } from '../own-stack.ts';

/** As long as a directory may take to look at a change, and somebody to notice. */
const SOON_DAYS = 7;
const DAY_MILLISECONDS = 86_400_000;

/** That reviewers of directories can still sign in. For a deployment, this needs AWS credentials for its account. */
export const reviewers: Group = {
  title: 'Reviewers',
  checks: [
    {
      name: 'reviewers',
      proves: `no reviewer's password has expired, or will within ${SOON_DAYS} days`,
      remedy:
        'Give them a new password with npm run admin -- reviewers add and write it into the form of the directory, or ' +
        'take it back with reviewers remove.',
      run: look,
    },
  ],
};

async function look(deployment: Deployment): Promise<string> {
  const all = await listOf(deployment);
  const soon = Date.now() + SOON_DAYS * DAY_MILLISECONDS;
  const due = all.filter(({ expires_at: at }) => Date.parse(String(at)) <= soon);
  const named = due.map(
    ({ address, tenant, expires_at: at, is_expired: isOver }) =>
      `the password of ${address} in ${tenant} ${isOver ? 'expired' : 'expires'} on ${String(at).slice(0, 10)}`,
  );
  if (named.length > 0) throw new Fault(named.join('; '));
  return all.length === 0 ? 'there are none' : `${all.length}`;
}

async function listOf(deployment: Deployment): Promise<readonly Answer[]> {
  const { allOf } = await import('../../admin/rounds.ts');
  const { connect, operatorOf } = await import('../../admin/deployment.ts');
  if (deployment.isLocal) {
    await deployment.request('/local/outputs');
    const ask = await connect({ kind: 'local', url: deployment.issuer });
    return allOf(ask, 'reviewers', 'reviewers list');
  }
  const place = placeOf(deployment);
  const outputs = await outputsOf(deployment, place).catch((error) => {
    throw error instanceof Fault ? new NotChecked(`needs the stack: ${error.message}`) : error;
  });
  const name = output(outputs, 'AdminFunction');
  return allOf(operatorOf(name, place), 'reviewers', 'reviewers list').catch(notTold);
}
