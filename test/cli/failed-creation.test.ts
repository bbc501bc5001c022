import { afterEach, describe, expect, test, vi } from 'vitest';
import { clearFailedCreation, leftOver } from '../../cli/deploy/failed-creation.ts';
import { LiveStacks } from '../../cli/deploy/live-stack.ts';
import { type Account, accountWith } from '../support/account.ts';

afterEach(() => void vi.unstubAllEnvs());

/** The stacks of such an account. */
async function stacksOf(stacks: Account['stacks'], ...refused: string[]): Promise<LiveStacks> {
  for (const [name, value] of Object.entries(await accountWith({ stacks, refused }))) vi.stubEnv(name, value);
  return new LiveStacks({ region: 'eu-central-1', profile: undefined });
}

describe('a stack whose creation failed', () => {
  test.for(['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED'])('may be deleted by the next deploy: %s', async (status) => {
    const Vestibule = { status, isProtected: true };
    await clearFailedCreation(await stacksOf({ Vestibule }), 'Vestibule');
    expect(Vestibule.isProtected).toBe(false);
  });

  test.for(['CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED', 'DELETE_FAILED'])(
    'is none in %s, and stays protected',
    async (status) => {
      const Vestibule = { status, isProtected: true };
      const stacks = await stacksOf({ Vestibule });
      await clearFailedCreation(stacks, 'Vestibule');
      expect(Vestibule.isProtected).toBe(true);
      expect(await leftOver(stacks, 'Vestibule')).toBeUndefined();
    },
  );

  test('is told, with the table that is left', async () => {
    const stacks = await stacksOf({ Vestibule: { status: 'ROLLBACK_COMPLETE', tables: ['Vestibule-Table1'] } });
    expect(await leftOver(stacks, 'Vestibule')).toMatch(
      /^Nothing was deployed, .* npm run deploy starts over\. The table Vestibule-Table1 stays, empty and at no cost: see /,
    );
  });

  test('ends the deploy with the command that frees it where these credentials may not', async () => {
    const Vestibule = { status: 'ROLLBACK_COMPLETE', isProtected: true };
    const stacks = await stacksOf({ Vestibule }, 'UpdateTerminationProtection');
    await expect(clearFailedCreation(stacks, 'Vestibule')).rejects.toThrow(
      /lack cloudformation:UpdateTerminationProtection .* --no-enable-termination-protection --stack-name Vestibule$/,
    );
  });

  test('is told without the name of the table where these credentials may not see it', async () => {
    const stacks = await stacksOf({ Vestibule: { status: 'ROLLBACK_COMPLETE' } }, 'DescribeStackEvents');
    expect(await leftOver(stacks, 'Vestibule')).toContain('The table whose name begins with Vestibule stays');
  });

  test('is told without a table where none is left', async () => {
    const stacks = await stacksOf({ Vestibule: { status: 'ROLLBACK_COMPLETE' } });
    expect(await leftOver(stacks, 'Vestibule')).toMatch(/starts over\.$/);
  });

  test('is none where there is no stack', async () => {
    const stacks = await stacksOf({});
    await clearFailedCreation(stacks, 'Vestibule');
    expect(await leftOver(stacks, 'Vestibule')).toBeUndefined();
  });
});
