import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type Finding, stop } from '../finding.ts';
import { clientOf, type Place } from '../place.ts';
import type { Question } from '../question.ts';

/** Whose credentials these are, and whether the settings mean that account and region. */
export const account: Question = {
  what: 'which account this is',
  right: 'sts:GetCallerIdentity',
  ask: async (place) => {
    const { Account } = await new STSClient(clientOf(place)).send(new GetCallerIdentityCommand({}));
    return elsewhere(place, Account);
  },
};

function elsewhere({ region, settings }: Place, actual: string | undefined): Finding[] {
  const findings: Finding[] = [];
  if (settings.account !== undefined && settings.account !== actual)
    findings.push(
      stop(`account: these credentials are for ${actual}, not ${settings.account}; use others, or change the setting.`),
    );
  if (settings.region !== undefined && settings.region !== region)
    findings.push(
      stop(`region: this would deploy to ${region}, not ${settings.region}; set AWS_REGION, or change the setting.`),
    );
  return findings;
}
