import { CloudFormationClient, DescribeTypeCommand, TypeNotFoundException } from '@aws-sdk/client-cloudformation';
import { type Finding, stop } from '../finding.ts';
import { clientOf, type Place } from '../place.ts';
import type { Question } from '../question.ts';

/** Whether CloudFormation can make in this region what the settings ask for, and not every region has. */
export const types: Question = {
  what: 'what CloudFormation can make in this region',
  right: 'cloudformation:DescribeType',
  ask: async (place) => {
    const client = new CloudFormationClient(clientOf(place));
    const missing = needed(place).map(async ([TypeName, sentence]): Promise<Finding[]> => {
      const found = await client.send(new DescribeTypeCommand({ Type: 'RESOURCE', TypeName })).catch((error) => {
        if (!(error instanceof TypeNotFoundException)) throw error;
      });
      return found ? [] : [stop(sentence)];
    });
    return (await Promise.all(missing)).flat();
  },
};

/** The types that are not everywhere, each with what to say where it is missing. */
function needed({ region, settings: { alarms, edge } }: Place): [type: string, sentence: string][] {
  const all: [string, string][] = [
    [
      'AWS::SES::ConfigurationSet',
      `CloudFormation does not support SES in ${region}: set AWS_REGION to another region.`,
    ],
  ];
  if (alarms.monthlyBudgetUsd !== undefined)
    all.push([
      'AWS::Budgets::Budget',
      `alarms.monthlyBudgetUsd: CloudFormation makes no budget in ${region}: leave it out, and make one in the billing console.`,
    ]);
  if (edge)
    all.push(['AWS::CloudFront::Function', `edge: CloudFormation has no CloudFront in ${region}: leave it out.`]);
  return all;
}
