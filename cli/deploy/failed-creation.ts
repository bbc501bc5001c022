import { Failure } from '../shared/failure.ts';
import { oneLine } from '../shared/terminal.ts';
import type { LiveStacks } from './live-stack.ts';

const neverWhole = ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED'];

/**
 * Lets the CDK delete a stack that was never made whole, and begin anew: it protects the stack before it knows. Nobody
 * has an address of it or has kept anything there.
 */
export async function clearFailedCreation(stacks: LiveStacks, stackName: string): Promise<void> {
  const { status = '', isProtected } = (await stacks.state(stackName)) ?? {};
  if (!isProtected || !neverWhole.includes(status)) return;
  await stacks.unprotect(stackName).catch((error) => {
    if (!isRefusal(error)) throw error;
    const command = `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stackName}`;
    throw new Failure(
      `The stack ${stackName} was never fully created and must be deleted first, which its protection forbids, and these ` +
        `credentials lack cloudformation:UpdateTerminationProtection to lift it: ${command}`,
    );
  });
}

/** What a difference from a stack whose creation has failed means, or undefined if there is no such stack. */
export async function whatItDiffersFrom(stacks: LiveStacks, stackName: string): Promise<string | undefined> {
  const { status = '' } = (await stacks.state(stackName)) ?? {};
  if (!neverWhole.includes(status)) return undefined;
  return 'This is compared with a deploy that failed and was rolled back: the next one creates everything again.';
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name.startsWith('AccessDenied');
}

/** What is left of a stack whose creation has failed, and what to do, or undefined if it is there or nothing is left. */
export async function leftOver(stacks: LiveStacks, stackName: string): Promise<string | undefined> {
  const { status = '' } = (await stacks.state(stackName)) ?? {};
  if (!neverWhole.includes(status)) return undefined;
  const tables = await stacks.keptTables(stackName).catch((error) => {
    if (!isRefusal(error)) throw error;
    return [`whose name begins with ${stackName}`];
  });
  const left =
    tables.length === 0
      ? ''
      : ` The table ${tables.join(', ')} stays, empty and at no cost: see "The first time" in docs/operations.md.`;
  return oneLine(
    `Nothing was deployed, and what was created is deleted again. Once that is fixed, npm run deploy starts over.${left}`,
  );
}
