import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Aws, dump, startAws } from '../support/aws.ts';
import { callback } from '../support/flow.ts';
import { secretOf } from '../support/redemption.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { Operator } from './admin-process.ts';

let aws: Aws;
let stack: RunningStack;
let operator: Operator;

beforeAll(async () => {
  aws = await startAws();
  stack = await startStack({ env: aws.env });
  operator = new Operator(stack.issuer);
});
afterAll(async () => {
  await stack?.stop();
  await aws?.stop();
});

const about = ['--name', 'Reports', '--redirect-uri', callback];

describe('what the operator changes', () => {
  test('is audited, and leaves no secret behind', async () => {
    const client = await operator.json('clients', 'add', ...about);
    const id = client.client_id;
    const second = await operator.json('clients', 'rotate-secret', id);
    await operator.json('clients', 'rotate-secret', id, '--finish');
    await operator.json('clients', 'remove', id);
    await operator.run('clients', 'rotate-secret', secretOf(second));

    const items = await dump(aws.table);
    const changes = items.split('admin_change').length - 1;
    expect(changes).toBe(4);
    for (const command of ['add', 'rotate-secret', 'rotate-secret --finish', 'remove'])
      expect(items).toContain(`"clients ${command}"`);
    for (const secret of [secretOf(client), secretOf(second)]) {
      expect(items).not.toContain(secret);
      expect(stack.logs()).not.toContain(secret);
    }
  });

  test('is not changed when it cannot be audited', async () => {
    const { client_id } = await operator.json('clients', 'add', ...about);
    aws.spoil('TransactWriteItems', 'broken');
    const run = await operator.run('clients', 'remove', client_id);
    aws.heal();
    expect(run).toEqual({ code: 1, stdout: '', stderr: 'The service is busy; try again in a moment.\n' });
    expect(await operator.json('clients', 'show', client_id)).toMatchObject({ client_id });
  });
});
