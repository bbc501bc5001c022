import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callTool } from 'vestibule-mcp/testing';
import rollDice from './roll-dice.ts';

test('rolls as many dice as it is asked for, and adds them up', async () => {
  const { output } = await callTool(rollDice, { count: 3, sides: 2 });
  const { rolls, sum } = output as { rolls: number[]; sum: number };
  assert.equal(rolls.length, 3);
  assert.ok(rolls.every((roll) => roll === 1 || roll === 2));
  assert.equal(
    sum,
    rolls.reduce((one, other) => one + other, 0),
  );
});

test('refuses more dice than it has', async () => {
  await assert.rejects(callTool(rollDice, { count: 21 }));
});
