import { expect, test } from 'vitest';
import { readAssembly } from '../../local/assembly.ts';
import { Stack } from '../../local/stack.ts';
import { echo, writeAssembly } from './fixture.ts';

const target = { Arn: { 'Fn::GetAtt': ['Cleaner', 'Arn'] }, Id: 'Target0' };
const rule = (expression: string, more: object = {}) => ({
  Type: 'AWS::Events::Rule',
  Properties: { ScheduleExpression: expression, State: 'ENABLED', Targets: [{ ...target, ...more }] },
});

test('the clock asks what a rule says, as often as it says, with the time', () => {
  const InputTransformer = {
    InputPathsMap: { time: '$.time' },
    InputTemplate: '{"command":"clean","time":<time>}',
  };
  const folder = writeAssembly(
    { Cleaner: { source: echo, routes: ['GET /'] } },
    {
      Often: rule('rate(10 minutes)', { InputTransformer }),
      Daily: rule('cron(0 3 * * ? *)'),
      OfMail: { Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: ['aws.ses'] }, Targets: [target] } },
    },
  );
  const schedules = new Stack(readAssembly(folder), 'http://localhost:1').schedules;
  expect(schedules).toMatchObject([{ functionId: 'Cleaner', milliseconds: 600_000 }]);
  expect(JSON.parse(schedules[0]?.eventAt(new Date(0)) ?? '')).toEqual({
    command: 'clean',
    time: '1970-01-01T00:00:00.000Z',
  });
});
