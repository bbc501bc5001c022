import { type Finding, stop } from '../finding.ts';
import { LiveStacks } from '../live-stack.ts';
import type { Question } from '../question.ts';

/** Whether the stack is in a state that a deploy can begin from. */
export const stack: Question = {
  what: 'what state the stack is in',
  right: 'cloudformation:DescribeStacks',
  ask: async (place) => {
    const { stackName } = place.settings;
    const { status = '', isProtected } = (await new LiveStacks(place).state(stackName)) ?? {};
    return finding(stackName, status, isProtected ?? false);
  },
};

function finding(name: string, status: string, isProtected: boolean): Finding[] {
  if (status !== 'REVIEW_IN_PROGRESS' && status.endsWith('_IN_PROGRESS'))
    return [stop(`The stack ${name} is busy (${status}): wait until that is over, and deploy again.`)];
  if (status === 'UPDATE_ROLLBACK_FAILED')
    return [stop(`The last update of ${name} could not be rolled back: run npx cdk rollback ${name} first.`)];
  if (status !== 'DELETE_FAILED' || !isProtected) return [];
  const command = `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name}`;
  return [stop(`The stack ${name} must be deleted first, which its protection forbids: ${command}`)];
}
